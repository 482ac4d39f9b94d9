"""Pillow's thumbnail() for the bench: one line of JSON in, one line of JSON out."""

import base64
import io
import json
import resource
import sys
import time

from PIL import Image, ImageCms, ImageOps

SRGB = ImageCms.createProfile("sRGB")


def render(source, preset):
    image = Image.open(io.BytesIO(source))
    target = image.format if preset["format"] == "source" else preset["format"].upper()
    profile = image.info.get("icc_profile")
    # A palette would be shrunk by picking pixels; converting first is the same work that sharp does.
    if image.mode == "P":
        image = image.convert("RGBA")
    image.thumbnail((preset["width"], preset["height"]))
    image = ImageOps.exif_transpose(image)
    if profile:
        embedded = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        image = ImageCms.profileToProfile(image, embedded, SRGB, outputMode="RGB")
    if target == "JPEG" and image.mode not in ("L", "RGB"):
        image = image.convert("RGB")
    options = {"quality": preset.get("quality", 80)} if target in ("JPEG", "WEBP", "AVIF") else {}
    if target == "JPEG":
        options["optimize"] = True
    output = io.BytesIO()
    image.save(output, target, **options)
    return output.getvalue()


for line in sys.stdin:
    request = json.loads(line)
    with open(request["file"], "rb") as file:
        picture = file.read()
    before = time.process_time()
    outputs = [render(picture, rendition) for rendition in request["renditions"]]
    used = (time.process_time() - before) * 1000
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    answer = {"cpuMilliseconds": used, "peakBytes": peak}
    if request.get("outputs"):
        answer["outputs"] = [base64.b64encode(output).decode() for output in outputs]
    print(json.dumps(answer), flush=True)
