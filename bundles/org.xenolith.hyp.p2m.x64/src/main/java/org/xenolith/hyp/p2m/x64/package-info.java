// SPDX-License-Identifier: EPL-2.0
/** Nested page tables of domains on machines with x86-64 CPUs. */
package org.xenolith.hyp.p2m.x64;
