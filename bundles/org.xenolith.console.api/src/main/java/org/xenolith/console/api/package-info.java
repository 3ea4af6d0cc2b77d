// SPDX-License-Identifier: EPL-2.0
/** Serial lines and displays between a machine and the outside. */
package org.xenolith.console.api;
