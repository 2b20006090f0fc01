/** The code of open menus. It is not part of the first load: whoever may soon open one asks for it. */
export const loadMenuPanel = () => import('./MenuPanel.vue');
