import sharp from "sharp";

/** Pictures to show the console with, drawn here: nobody else has a right in them. */
export const DRAWN = {
  "hills-at-dusk.jpg": () => jpeg(hills(), 1600, 1067),
  "lighthouse.jpg": () => jpeg(lighthouse(), 1200, 1600),
  "orchard.png": () => sharp(Buffer.from(orchard())).resize(1200, 900).png({ palette: true }).toBuffer(),
} as const;

/** With grain, as photos have it: a drawing would weigh nothing. */
async function jpeg(svg: string, width: number, height: number): Promise<Buffer> {
  const grain = await sharp({
    create: { width, height, channels: 3, background: "grey", noise: { type: "gaussian", mean: 128, sigma: 14 } },
  })
    .greyscale()
    .blur(0.6)
    .png()
    .toBuffer();
  return sharp(Buffer.from(svg))
    .resize(width, height)
    .composite([{ input: grain, blend: "soft-light" }])
    .jpeg({ quality: 92 })
    .toBuffer();
}

/** Always the same "random" numbers from 0 to 1. */
function dice(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 16_807) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

/** A ridge from left to right, filled to the bottom. */
function ridge(seed: number, width: number, height: number, top: number, rise: number): string {
  const roll = dice(seed);
  const [one, two, three] = [roll() * 6, roll() * 6, roll() * 6];
  const points = Array.from({ length: 81 }, (_, index) => {
    const x = index / 80;
    const y =
      top - rise * (0.5 * Math.sin(x * 5 + one) + 0.3 * Math.sin(x * 11 + two) + 0.2 * Math.sin(x * 23 + three));
    return `${(x * width).toFixed(1)},${y.toFixed(1)}`;
  });
  return `M0,${height} L${points.join(" L")} L${width},${height} Z`;
}

function hills(): string {
  const colours = ["#9a7fa8", "#7a6494", "#584b7c", "#3b3763", "#242748", "#13182e"];
  const layers = colours.map(
    (colour, index) => `<path d="${ridge(index + 7, 1200, 800, 400 + index * 62, 70 - index * 4)}" fill="${colour}"/>`,
  );
  const roll = dice(5);
  const birds = Array.from({ length: 7 }, () => {
    const [x, y, size] = [690 + roll() * 260, 150 + roll() * 90, 7 + roll() * 7];
    return `<path d="M${x},${y} q${size},-${size} ${size * 1.6},0 q${size * 0.6},-${size} ${size * 1.6},0" />`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1200 800">
    <linearGradient id="sky" x2="0" y2="1"><stop offset="0" stop-color="#34477d"/><stop offset=".4" stop-color="#d58d7f"/>
      <stop offset=".62" stop-color="#ffd39a"/></linearGradient>
    <radialGradient id="glow"><stop offset="0" stop-color="#fff3cf"/><stop offset=".25" stop-color="#ffe3a6" stop-opacity=".8"/>
      <stop offset="1" stop-color="#ffd39a" stop-opacity="0"/></radialGradient>
    <rect width="1200" height="800" fill="url(#sky)"/><circle cx="380" cy="330" r="330" fill="url(#glow)"/>
    <circle cx="380" cy="330" r="52" fill="#fff6dc"/>${layers.join("")}
    <g fill="none" stroke="#2c2a45" stroke-width="3" stroke-linecap="round">${birds.join("")}</g></svg>`;
}

function lighthouse(): string {
  const waves = Array.from({ length: 9 }, (_, index) => {
    const colour = `hsl(205 ${38 - index}% ${46 - index * 3.6}%)`;
    return `<path d="${ridge(index + 31, 900, 1200, 830 + index * 42, 12 + index * 2)}" fill="${colour}"/>`;
  });
  const bands = [0, 1, 2].map((index) => {
    const [top, bottom] = [430 + index * 120, 490 + index * 120];
    const half = (y: number) => 46 + (y - 400) * 0.06;
    return `<path d="M${450 - half(top)},${top} H${450 + half(top)} L${450 + half(bottom)},${bottom} H${450 - half(bottom)} Z" fill="#b8402f"/>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 900 1200">
    <linearGradient id="sky" x2="0" y2="1"><stop offset="0" stop-color="#5b8fb9"/><stop offset="1" stop-color="#f3e6cf"/></linearGradient>
    <linearGradient id="round"><stop offset="0" stop-color="#fff" stop-opacity=".25"/><stop offset=".45" stop-color="#fff" stop-opacity="0"/>
      <stop offset="1" stop-color="#10233a" stop-opacity=".5"/></linearGradient>
    <rect width="900" height="900" fill="url(#sky)"/>
    <g fill="#fff" opacity=".75"><ellipse cx="190" cy="260" rx="150" ry="30"/><ellipse cx="270" cy="235" rx="90" ry="32"/>
      <ellipse cx="700" cy="380" rx="130" ry="24"/><ellipse cx="640" cy="362" rx="70" ry="24"/></g>
    <path d="M404,400 H496 L520,800 H380 Z" fill="#f4efe4"/>${bands.join("")}<path d="M404,400 H496 L520,800 H380 Z" fill="url(#round)"/>
    <rect x="384" y="384" width="132" height="18" rx="4" fill="#2b2f38"/><rect x="416" y="318" width="68" height="66" fill="#ffe9a8"/>
    <path d="M432,318 V384 M450,318 V384 M468,318 V384" stroke="#2b2f38" stroke-width="4"/>
    <path d="M406,318 Q450,250 494,318 Z" fill="#7d2a1f"/><circle cx="450" cy="268" r="7" fill="#2b2f38"/>
    <path d="M250,842 Q330,760 450,786 T690,846 Z" fill="#4b4a45"/><path d="M300,842 Q360,790 450,800 T600,846 Z" fill="#62605a"/>
    ${waves.join("")}</svg>`;
}

function orchard(): string {
  const roll = dice(11);
  const trees = Array.from({ length: 15 }, (_, index) => {
    const [row, column] = [Math.floor(index / 5), index % 5];
    const [x, y, size] = [110 + column * 245 + (row % 2) * 60, 360 + row * 170, 74 + row * 16];
    const fruit = Array.from({ length: 9 }, () => {
      const [angle, far] = [roll() * 6.3, Math.sqrt(roll()) * size * 0.8];
      return `<circle cx="${x + Math.cos(angle) * far}" cy="${y + Math.sin(angle) * far * 0.85}" r="${5 + row * 1.4}" fill="#d2452f"/>`;
    });
    return `<rect x="${x - 7}" y="${y + size * 0.6}" width="14" height="${size * 0.75}" fill="#6a4a32"/>
      <circle cx="${x}" cy="${y}" r="${size}" fill="hsl(${104 + roll() * 22} 38% ${34 + roll() * 8}%)"/>
      <circle cx="${x - size * 0.25}" cy="${y - size * 0.3}" r="${size * 0.6}" fill="#fff" opacity=".08"/>${fruit.join("")}`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1200 900"><rect width="1200" height="900" fill="#cfe6ee"/>
    <circle cx="980" cy="140" r="70" fill="#fff1b8"/><path d="${ridge(3, 1200, 900, 260, 40)}" fill="#a8c48a"/>
    <path d="${ridge(9, 1200, 900, 400, 20)}" fill="#94b573"/><path d="${ridge(17, 1200, 900, 620, 16)}" fill="#7fa35f"/>${trees.join("")}</svg>`;
}
