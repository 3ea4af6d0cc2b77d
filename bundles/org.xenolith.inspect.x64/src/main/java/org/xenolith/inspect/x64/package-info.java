// SPDX-License-Identifier: EPL-2.0
/** Looks into x86-64 processors. */
package org.xenolith.inspect.x64;
