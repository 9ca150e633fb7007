/** Puts the drawing the server made in the place of the one before. */
export function showPreview(svg: string | null): void {
  const place = document.getElementById('preview');
  if (!place || svg === null) return;
  const drawn = new DOMParser().parseFromString(svg, 'image/svg+xml').documentElement;
  if (drawn.localName !== 'svg') return;
  const { scrollLeft, scrollTop } = place;
  place.replaceChildren(document.importNode(drawn, true));
  place.scrollTo(scrollLeft, scrollTop);
}
