// SPDX-License-Identifier: EPL-2.0
/** Integer operations of MMX and SSE to SSE4.2, AES and carry-less multiplication, as functions over longs. */
package org.xenolith.x64.simd;
