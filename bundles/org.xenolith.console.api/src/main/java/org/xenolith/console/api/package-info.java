// SPDX-License-Identifier: EPL-2.0
/** Serial lines between a machine and the outside. */
package org.xenolith.console.api;
