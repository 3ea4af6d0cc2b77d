// SPDX-License-Identifier: EPL-2.0
/** Looks into A64 processors. */
package org.xenolith.inspect.a64;
