/** Serial lines between a machine and the outside. */
package org.xenolith.console.api;
