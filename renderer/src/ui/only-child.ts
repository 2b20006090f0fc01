/** Renders the single element of its slot, with the given attributes and listeners added to its own. */
import { cloneVNode, Comment, Fragment, type FunctionalComponent, type VNode } from 'vue';

/** A slot that is passed on arrives as a fragment. */
function firstElement(nodes: readonly VNode[] | undefined): VNode | undefined {
  for (const node of nodes ?? []) {
    if (node.type === Comment) continue;
    if (node.type !== Fragment) return node;
    const inner = firstElement(Array.isArray(node.children) ? (node.children as VNode[]) : []);
    if (inner) return inner;
  }
  return undefined;
}

export const OnlyChild: FunctionalComponent = (_props, { attrs, slots }) => {
  const child = firstElement(slots['default']?.());
  return child && cloneVNode(child, attrs);
};
// They are added to the child above; otherwise Vue would add them once more.
OnlyChild.inheritAttrs = false;
