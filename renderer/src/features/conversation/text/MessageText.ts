/**
 * Renders formatted text as elements. All text becomes text nodes: no markup is involved. Links emit `openLink` and are
 * never opened by the page itself.
 */
import './text.css';
import { h, type FunctionalComponent, type VNode } from 'vue';
import type { Place } from '#contract/model/found.ts';
import type { BlockNode, InlineNode, LinkNode } from '#contract/model/message-text/nodes.ts';
import { piecesOf } from '../../../composables/marks.ts';
import { hasStackedMarks } from './stacked.ts';

export interface MessageTextProps {
  blocks: BlockNode[];
  /** The content at the end of the last line, which reserves space for it. Null when it is on its own line. */
  tail?: string | null;
  /** The tail includes a tick. */
  ticked?: boolean;
  /** Search matches per text in rendering order; null when there is no search. */
  marks?: Place[][] | null;
}

interface Drawing {
  open: (href: string) => void;
  /** A text with its matches highlighted. Each text is rendered once, in order. */
  paint: (text: string) => (VNode | string)[];
}

function painter(marks: Place[][] | null | undefined): Drawing['paint'] {
  if (!marks) return (text) => [text];
  let next = 0;
  return (text) =>
    piecesOf(text, marks[next++] ?? []).map((piece) => (piece.found ? h('mark', piece.text) : piece.text));
}

function link(node: LinkNode, { open, paint }: Drawing): VNode {
  const go = (event: Event): void => {
    event.preventDefault();
    open(node.href);
  };
  const children: VNode[] = [h('bdi', paint(node.text))];
  // The reader must see where a link leads if its letters imitate others.
  if (node.realHost !== null) children.push(h('bdi', { class: 'text-host' }, ` (${node.realHost})`));
  return h(
    'a',
    {
      class: 'text-link',
      href: node.href,
      title: node.href,
      dir: 'ltr',
      draggable: 'false',
      onClick: go,
      onAuxclick: go,
    },
    children,
  );
}

function inline(nodes: readonly InlineNode[], drawing: Drawing): (VNode | string)[] {
  return nodes.flatMap((node) => {
    switch (node.kind) {
      case 'text':
        return drawing.paint(node.text);
      case 'code':
        return h('code', { class: 'text-code', dir: 'auto' }, drawing.paint(node.text));
      case 'bold':
        return h('strong', inline(node.children, drawing));
      case 'italic':
        return h('em', inline(node.children, drawing));
      case 'link':
        return link(node, drawing);
    }
  });
}

function classOf(name: string, nodes: readonly InlineNode[]): string {
  return hasStackedMarks(nodes) ? `${name} is-stacked` : name;
}

function block(node: BlockNode, drawing: Drawing, tail: VNode | null): VNode {
  switch (node.kind) {
    case 'paragraph':
      return h('p', { class: classOf('text-paragraph', node.children), dir: 'auto' }, [
        ...inline(node.children, drawing),
        // Lets the last word stay on its line when the tail wraps.
        ...(tail ? [h('wbr'), tail] : []),
      ]);
    case 'quote':
      return h(
        'blockquote',
        { class: classOf('text-quote', node.children), dir: 'auto' },
        inline(node.children, drawing),
      );
    case 'code-block':
      return h('pre', { class: 'text-block', dir: 'ltr', tabindex: 0 }, [h('code', drawing.paint(node.text))]);
    case 'emoji':
      return h('p', { class: 'text-emoji' }, drawing.paint(node.text));
  }
}

export const MessageText: FunctionalComponent<MessageTextProps, { openLink: (href: string) => void }> = (
  { blocks, tail, ticked, marks },
  { emit },
) => {
  const drawing: Drawing = { open: (href) => emit('openLink', href), paint: painter(marks) };
  return blocks.map((node, index) => {
    const last = index === blocks.length - 1 && tail;
    const room = last
      ? // An attribute, drawn by the style: it must not be part of the text.
        h('span', { class: ['text-tail', { 'is-ticked': ticked }], 'data-tail': tail })
      : null;
    return block(node, drawing, room);
  });
};
MessageText.props = { blocks: Array, tail: String, ticked: Boolean, marks: Array };
MessageText.emits = ['openLink'];
