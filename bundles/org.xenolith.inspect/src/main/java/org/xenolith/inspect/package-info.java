// SPDX-License-Identifier: EPL-2.0
/** Looks into machines: what no architecture has a say in. */
package org.xenolith.inspect;
