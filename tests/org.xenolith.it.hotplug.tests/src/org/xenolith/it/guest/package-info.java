// SPDX-License-Identifier: EPL-2.0
/**
 * A machine with a guest in it, for tests that run inside the framework: the product's bundles, building and booting, and
 * the guest's console as text.
 */
package org.xenolith.it.guest;
