/**
 * Draws formatted text as elements. Every text becomes a text node: there is no markup on the way. Links are opened by
 * whoever listens to `openLink`, never by the page itself.
 */
import { h, type FunctionalComponent, type VNode } from 'vue';
import type { BlockNode, InlineNode, LinkNode } from '#contract/model/message-text/nodes.ts';

export interface MessageTextProps {
  blocks: BlockNode[];
  /** What will stand at the end of the last line: room is kept for it. Null when it stands on a line of its own. */
  tail?: string | null;
  /** The tail has a tick too. */
  ticked?: boolean;
}

type Open = (href: string) => void;

function link(node: LinkNode, open: Open): VNode {
  const go = (event: Event): void => {
    event.preventDefault();
    open(node.href);
  };
  const children: VNode[] = [h('bdi', node.text)];
  // The one who reads must see where it leads when the letters pass for others.
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

function inline(nodes: readonly InlineNode[], open: Open): (VNode | string)[] {
  return nodes.map((node) => {
    switch (node.kind) {
      case 'text':
        return node.text;
      case 'code':
        return h('code', { class: 'text-code', dir: 'auto' }, node.text);
      case 'bold':
        return h('strong', inline(node.children, open));
      case 'italic':
        return h('em', inline(node.children, open));
      case 'link':
        return link(node, open);
    }
  });
}

function block(node: BlockNode, open: Open, tail: VNode | null): VNode {
  switch (node.kind) {
    case 'paragraph':
      return h('p', { class: 'text-paragraph', dir: 'auto' }, [
        ...inline(node.children, open),
        // The last word may stay on its line when the tail has to go to the next one.
        ...(tail ? [h('wbr'), tail] : []),
      ]);
    case 'quote':
      return h('blockquote', { class: 'text-quote', dir: 'auto' }, inline(node.children, open));
    case 'code-block':
      return h('pre', { class: 'text-block', dir: 'ltr', tabindex: 0 }, [h('code', node.text)]);
    case 'emoji':
      return h('p', { class: 'text-emoji' }, node.text);
  }
}

export const MessageText: FunctionalComponent<MessageTextProps, { openLink: (href: string) => void }> = (
  { blocks, tail, ticked },
  { emit },
) =>
  blocks.map((node, index) => {
    const last = index === blocks.length - 1 && tail;
    const room = last
      ? h('span', { class: ['text-tail', { 'is-ticked': ticked }], 'aria-hidden': 'true' }, tail)
      : null;
    return block(node, (href) => emit('openLink', href), room);
  });
MessageText.props = { blocks: Array, tail: String, ticked: Boolean };
MessageText.emits = ['openLink'];
