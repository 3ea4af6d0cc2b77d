// SPDX-License-Identifier: EPL-2.0
/** The x86-64 instruction set: the table of its forms, and what is derived from it. Source: Intel SDM, volume 2. */
package org.xenolith.x64.isa;
