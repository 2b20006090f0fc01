/** How a file is described: its icon, the tone of its square, the short name of its type. Pure. */
import { File, FileArchive, FileAudio, FileCode, FileImage, FileSpreadsheet, FileText, FileVideo } from '@lucide/vue';
import type { Component } from 'vue';

interface FileLook {
  icon: Component;
  /** A class of styles/tones.css. */
  tone: string;
}

const LOOKS: readonly (FileLook & { types: RegExp; endings: RegExp })[] = [
  { icon: FileText, tone: 'tone-4', types: /pdf$/, endings: /^pdf$/ },
  {
    icon: FileSpreadsheet,
    tone: 'tone-6',
    types: /spreadsheet|excel|csv$/,
    endings: /^(xlsx?|ods|csv|tsv|numbers)$/,
  },
  {
    icon: FileArchive,
    tone: 'tone-5',
    types: /zip|x-(tar|7z|rar)|gzip/,
    endings: /^(zip|7z|rar|tar|t?gz|xz|bz2|zst)$/,
  },
  { icon: FileVideo, tone: 'tone-2', types: /^video\//, endings: /^(mp4|mov|mkv|webm|avi|m4v)$/ },
  { icon: FileAudio, tone: 'tone-3', types: /^audio\//, endings: /^(mp3|m4a|flac|ogg|opus|wav|aac)$/ },
  {
    icon: FileImage,
    tone: 'tone-7',
    types: /^image\//,
    endings: /^(png|jpe?g|gif|webp|avif|heic|heif|svg|tiff?|bmp)$/,
  },
  {
    icon: FileCode,
    tone: 'tone-1',
    types: /json|xml|javascript|html$/,
    endings: /^(json|xml|html?|css|[cm]?[jt]s|py|rs|go|sh|c|h|cpp|java|sql|ya?ml|toml|vue)$/,
  },
  { icon: FileText, tone: 'tone-8', types: /^text\/|word|document/, endings: /^(txt|md|docx?|odt|rtf|pages)$/ },
];
const OTHER: FileLook = { icon: File, tone: 'tone-8' };

/** The ending of a name in lower case, without the dot; empty for none. */
export function endingOf(name: string): string {
  return /[^.]\.([A-Za-z0-9]{1,8})$/.exec(name)?.[1]?.toLowerCase() ?? '';
}

/** The look of a file: by the ending that people know it by, otherwise by its type. */
export function fileLook(file: { name: string; mimeType: string }): FileLook {
  const ending = endingOf(file.name);
  const type = file.mimeType.toLowerCase();
  return LOOKS.find(({ endings }) => endings.test(ending)) ?? LOOKS.find(({ types }) => types.test(type)) ?? OTHER;
}

/** A type as people say it: "PDF"; empty when the name has no ending. */
export function typeName(name: string): string {
  return endingOf(name).toUpperCase();
}

/** Formats of cameras that Chromium does not decode. */
const UNSHOWN = /^(heic|heif|tiff?|raw|dng|cr2|nef|arw)$/;

/** True for a picture that cannot be shown here. */
export function isUnshownPicture(name: string): boolean {
  return UNSHOWN.test(endingOf(name));
}
