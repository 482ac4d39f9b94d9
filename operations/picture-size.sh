#!/usr/bin/env bash
# Prints format, width and height of a picture ("jpeg 256 171"), read from its header with od alone, so that the smoke
# test asks for nothing but bash and curl. Exits 1 and prints nothing for anything that is not one of the five formats.
set -euo pipefail

if [[ $# -ne 1 || $1 == --help ]]; then
  echo "usage: picture-size.sh FILE    prints e.g. \"jpeg 256 171\" for a JPEG, PNG, GIF, WebP or AVIF"
  [[ ${1:-} == --help ]]
  exit
fi
file=$1

# read_bytes OFFSET COUNT: the bytes as numbers in b; a file that ends before them ends the script.
read_bytes() {
  read -r -a b <<<"$(od -An -v -tu1 -j "$1" -N "$2" -- "$file" 2>/dev/null)"
  [[ ${#b[@]} -eq $2 ]]
}
# hex_at OFFSET COUNT: up to COUNT bytes as one string of hexadecimal digits, to compare signatures with.
hex_at() { od -An -v -tx1 -j "$1" -N "$2" -- "$file" | tr -d ' \n'; }

# ITU T.81 annex B: segments of a marker and a length, until a start-of-frame segment, which holds height and width.
jpeg_size() {
  local offset=2
  while read_bytes "$offset" 9 && [[ ${b[0]} -eq 255 ]]; do
    case ${b[1]} in
      255) offset=$((offset + 1)) && continue ;; # a fill byte before the marker
      196 | 200 | 204) ;;                         # DHT, JPG and DAC lie among the frames' markers C0 to CF and are none
      19[2-9] | 20[0-7])
        echo "jpeg $((b[7] << 8 | b[8])) $((b[5] << 8 | b[6]))"
        return
        ;;
    esac
    offset=$((offset + 2 + (b[2] << 8 | b[3])))
  done
  return 1
}

png_size() { # IHDR is always the first chunk
  read_bytes 16 8
  echo "png $((b[0] << 24 | b[1] << 16 | b[2] << 8 | b[3])) $((b[4] << 24 | b[5] << 16 | b[6] << 8 | b[7]))"
}

gif_size() {
  read_bytes 6 4
  echo "gif $((b[0] | b[1] << 8)) $((b[2] | b[3] << 8))"
}

# RFC 9649: a lossy file, a lossless one, or the extended header in front of either.
webp_size() {
  read_bytes 20 10
  case $(hex_at 12 4) in
    56503820) echo "webp $(((b[6] | b[7] << 8) & 16383)) $(((b[8] | b[9] << 8) & 16383))" ;;
    5650384c) echo "webp $((((b[1] | b[2] << 8) & 16383) + 1)) $(((b[2] >> 6 | b[3] << 2 | (b[4] & 15) << 10) + 1))" ;;
    56503858) echo "webp $(((b[4] | b[5] << 8 | b[6] << 16) + 1)) $(((b[7] | b[8] << 8 | b[9] << 16) + 1))" ;;
    *) return 1 ;;
  esac
}

# The first "ispe" (image spatial extents) property: version and flags, then width and height.
avif_size() {
  local header
  header=$(hex_at 0 4096)
  [[ $header =~ 69737065.{8}([0-9a-f]{8})([0-9a-f]{8}) ]] || return 1
  echo "avif $((16#${BASH_REMATCH[1]})) $((16#${BASH_REMATCH[2]}))"
}

case $(hex_at 0 12) in
  ffd8ff*) jpeg_size ;;
  89504e470d0a1a0a*) png_size ;;
  474946383[79]61*) gif_size ;;
  52494646????????57454250) webp_size ;;
  ????????6674797061766966 | ????????6674797061766973) avif_size ;;
  *) exit 1 ;;
esac
