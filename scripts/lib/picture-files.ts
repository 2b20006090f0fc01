/** Files for screenshots: drawn landscapes, a document, a sound. */
import sharp from 'sharp';

/** Sky above and below, hills. */
const SCENES: readonly [string, string, string][] = [
  ['#5a7db5', '#c9cfdf', '#5c74a8'],
  ['#4a2a6a', '#ff9b6a', '#5b2748'],
  ['#7fb59c', '#c4e0cf', '#1f5a4c'],
  ['#8ecbff', '#dff1ff', '#7fae5a'],
  ['#101a3a', '#4a5a9a', '#1c2450'],
];

/** A landscape as JPEG, another one for each number. */
export async function landscape(number: number, width: number, height: number): Promise<Buffer> {
  const [top, bottom, hills] = SCENES[number % SCENES.length] ?? ['#888', '#bbb', '#555'];
  const at = (x: number, y: number): string => `${String(width * x)} ${String(height * y)}`;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${String(width)}" height="${String(height)}">
    <linearGradient id="sky" x2="0" y2="1"><stop stop-color="${top}"/><stop offset="1" stop-color="${bottom}"/></linearGradient>
    <rect width="100%" height="100%" fill="url(#sky)"/>
    <circle cx="${String(width * 0.7)}" cy="${String(height * 0.3)}" r="${String(height * 0.08)}" fill="#fff4d0"/>
    <path d="M0 ${String(height * 0.6)} L${at(0.2, 0.45)} L${at(0.4, 0.62)} L${at(0.65, 0.42)} L${at(1, 0.65)} V${String(height)} H0Z" fill="${hills}"/>
    <path d="M0 ${String(height * 0.8)} L${at(0.3, 0.68)} L${at(0.6, 0.82)} L${at(1, 0.7)} V${String(height)} H0Z" fill="#0b1530" opacity=".6"/>
  </svg>`;
  return sharp(Buffer.from(svg)).jpeg().toBuffer();
}

/** What Eva sends: the files of each message, and its text. */
export async function harbourFiles(): Promise<{ text: string; files: [name: string, bytes: Buffer][] }[]> {
  const picture = async (number: number, width = 1200, height = 900): Promise<[string, Buffer]> => [
    `harbour-${String(number + 1)}.jpg`,
    await landscape(number, width, height),
  ];
  const pictures = await Promise.all([0, 1, 2, 3, 4].map((number) => picture(number)));
  return [
    { text: '', files: [await picture(1, 900, 1400)] },
    { text: 'The north side this morning', files: pictures },
    {
      text: '',
      files: [
        ['route-and-packing.pdf', Buffer.concat([Buffer.from('%PDF-1.7\n'), Buffer.alloc(2_100_000)])],
        ['budget.xlsx', Buffer.from('PK\u0003\u0004')],
      ],
    },
  ];
}
