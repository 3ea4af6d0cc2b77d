// SPDX-License-Identifier: EPL-2.0
/** Puts machines together and starts them. */
package org.xenolith.launch;
