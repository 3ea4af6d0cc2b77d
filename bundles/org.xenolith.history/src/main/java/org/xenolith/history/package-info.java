// SPDX-License-Identifier: EPL-2.0
/** Keeps the past of machines, and goes back to it. */
package org.xenolith.history;
