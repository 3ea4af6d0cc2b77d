// SPDX-License-Identifier: EPL-2.0
/**
 * The one description of the A64 instruction set (Arm ARM DDI 0487, chapter C): the table {@link org.xenolith.a64.isa.Insn},
 * and what is derived from it: decoder, disassembler, assembler and generator of random words.
 */
package org.xenolith.a64.isa;
