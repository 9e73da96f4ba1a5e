const types: Readonly<Record<string, string>> = {
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  png: 'image/png',
  gif: 'image/gif',
  webp: 'image/webp',
  mp3: 'audio/mpeg',
  wav: 'audio/wav',
  amr: 'audio/amr',
  speex: 'audio/speex',
  m4a: 'audio/mp4',
  ogg: 'audio/ogg',
  mp4: 'video/mp4',
}
/** The schema's limit for `evidence.uri`. */
const maxUri = 2048

/** The media type that a file name or URL ends in, or the fallback. */
function mimeOf(uri: string, fallback: string): string {
  const extension = /\.([a-z0-9]{2,5})(?:[?#]|$)/i.exec(uri)?.[1]?.toLowerCase() ?? ''
  return types[extension] ?? fallback
}

/** One piece of evidence, or none when its address does not fit the schema. */
export function evidenceAt(
  uri: string | undefined,
  fallback: string,
): readonly { uri: string; mime: string }[] {
  return uri === undefined || uri.length > maxUri ? [] : [{ uri, mime: mimeOf(uri, fallback) }]
}
