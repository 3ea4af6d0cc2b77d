// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.isa;

import static org.xenolith.a64.isa.Feature.AES;
import static org.xenolith.a64.isa.Feature.LOR;
import static org.xenolith.a64.isa.Feature.LRCPC;
import static org.xenolith.a64.isa.Feature.LSE;
import static org.xenolith.a64.isa.Feature.PMULL;
import static org.xenolith.a64.isa.Feature.SHA1;
import static org.xenolith.a64.isa.Feature.SHA2;
import static org.xenolith.a64.isa.Feature.UAO;
import static org.xenolith.a64.isa.InsnGroup.ASIMD;
import static org.xenolith.a64.isa.InsnGroup.ASIMD_SCALAR;
import static org.xenolith.a64.isa.InsnGroup.ATOMIC;
import static org.xenolith.a64.isa.InsnGroup.CRYPTO;
import static org.xenolith.a64.isa.InsnGroup.DP_IMM;
import static org.xenolith.a64.isa.InsnGroup.DP_REG;
import static org.xenolith.a64.isa.InsnGroup.EXCEPTION;
import static org.xenolith.a64.isa.InsnGroup.EXCLUSIVE;
import static org.xenolith.a64.isa.InsnGroup.FP;
import static org.xenolith.a64.isa.InsnGroup.LOAD_STORE;
import static org.xenolith.a64.isa.InsnGroup.LOAD_STORE_FP;
import static org.xenolith.a64.isa.InsnGroup.LOAD_STORE_SIMD;
import static org.xenolith.a64.isa.InsnGroup.SYSTEM;
import static org.xenolith.a64.isa.Trait.ENDS_BLOCK;
import static org.xenolith.a64.isa.Trait.PRIVILEGED;
import static org.xenolith.a64.isa.Trait.READS_MEMORY;
import static org.xenolith.a64.isa.Trait.WRITES_MEMORY;

import java.util.Collection;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/**
 * The A64 encodings of ARMv8.0-A and a few later extensions, one constant per form. Where the size, the register width or
 * the arrangement is a field of the encoding it stays a field of one form; where the meaning differs there are two forms.
 * The columns: group, feature if not the group's own, bits ({@link BitPattern}), assembly syntax ({@link Syntax}),
 * when a word of the form is unallocated ({@link Unless}), traits. Source: Arm ARM DDI 0487, C4 and C6 to C7.
 */
public enum Insn {
  // PC-relative addressing
  ADR(DP_IMM, "0 immlo:2 10000 immhi:19 Rd:5", "adr <Xd>, <adr>"),
  ADRP(DP_IMM, "1 immlo:2 10000 immhi:19 Rd:5", "adrp <Xd>, <adrp>"),
  // Add and subtract, immediate
  ADD_IMM(DP_IMM, "sf 0 0 100010 sh imm12:12 Rn:5 Rd:5", "add <Rd|SP>, <Rn|SP>, <x:imm12><lsl12>"),
  ADDS_IMM(DP_IMM, "sf 0 1 100010 sh imm12:12 Rn:5 Rd:5", "adds <Rd>, <Rn|SP>, <x:imm12><lsl12>"),
  SUB_IMM(DP_IMM, "sf 1 0 100010 sh imm12:12 Rn:5 Rd:5", "sub <Rd|SP>, <Rn|SP>, <x:imm12><lsl12>"),
  SUBS_IMM(DP_IMM, "sf 1 1 100010 sh imm12:12 Rn:5 Rd:5", "subs <Rd>, <Rn|SP>, <x:imm12><lsl12>"),
  // Logical, immediate
  AND_IMM(DP_IMM, "sf 00 100100 N immr:6 imms:6 Rn:5 Rd:5", "and <Rd|SP>, <Rn>, <bitmask>", "badmask"),
  ORR_IMM(DP_IMM, "sf 01 100100 N immr:6 imms:6 Rn:5 Rd:5", "orr <Rd|SP>, <Rn>, <bitmask>", "badmask"),
  EOR_IMM(DP_IMM, "sf 10 100100 N immr:6 imms:6 Rn:5 Rd:5", "eor <Rd|SP>, <Rn>, <bitmask>", "badmask"),
  ANDS_IMM(DP_IMM, "sf 11 100100 N immr:6 imms:6 Rn:5 Rd:5", "ands <Rd>, <Rn>, <bitmask>", "badmask"),
  // Move wide
  MOVN(DP_IMM, "sf 00 100101 hw:2 imm16:16 Rd:5", "movn <Rd>, <x:imm16><lsl16>", "sf=0 hw>=2"),
  MOVZ(DP_IMM, "sf 10 100101 hw:2 imm16:16 Rd:5", "movz <Rd>, <x:imm16><lsl16>", "sf=0 hw>=2"),
  MOVK(DP_IMM, "sf 11 100101 hw:2 imm16:16 Rd:5", "movk <Rd>, <x:imm16><lsl16>", "sf=0 hw>=2"),
  // Bitfield, extract
  SBFM(DP_IMM, "sf 00 100110 N immr:6 imms:6 Rn:5 Rd:5", "sbfm <Rd>, <Rn>, <d:immr>, <d:imms><N>",
      "sf!=N; sf=0 immr>=32; sf=0 imms>=32"),
  BFM(DP_IMM, "sf 01 100110 N immr:6 imms:6 Rn:5 Rd:5", "bfm <Rd>, <Rn>, <d:immr>, <d:imms><N>",
      "sf!=N; sf=0 immr>=32; sf=0 imms>=32"),
  UBFM(DP_IMM, "sf 10 100110 N immr:6 imms:6 Rn:5 Rd:5", "ubfm <Rd>, <Rn>, <d:immr>, <d:imms><N>",
      "sf!=N; sf=0 immr>=32; sf=0 imms>=32"),
  EXTR(DP_IMM, "sf 00 100111 N 0 Rm:5 imms:6 Rn:5 Rd:5", "extr <Rd>, <Rn>, <Rm>, <d:imms><N>", "sf!=N; sf=0 imms>=32"),

  // Branches
  B(InsnGroup.BRANCH, "000101 imm26:26", "b <rel26>", Trait.BRANCH, ENDS_BLOCK),
  BL(InsnGroup.BRANCH, "100101 imm26:26", "bl <rel26>", Trait.BRANCH, ENDS_BLOCK),
  B_COND(InsnGroup.BRANCH, "01010100 imm19:19 0 cond:4", "b.<cond=eq,ne,cs,cc,mi,pl,vs,vc,hi,ls,ge,lt,gt,le,al,nv> <rel19>", Trait.BRANCH),
  CBZ(InsnGroup.BRANCH, "sf 0110100 imm19:19 Rt:5", "cbz <Rt>, <rel19>", Trait.BRANCH),
  CBNZ(InsnGroup.BRANCH, "sf 0110101 imm19:19 Rt:5", "cbnz <Rt>, <rel19>", Trait.BRANCH),
  TBZ(InsnGroup.BRANCH, "b5 0110110 b40:5 imm14:14 Rt:5", "tbz <Rt:bit>, <d:b5.b40>, <rel14>", Trait.BRANCH),
  TBNZ(InsnGroup.BRANCH, "b5 0110111 b40:5 imm14:14 Rt:5", "tbnz <Rt:bit>, <d:b5.b40>, <rel14>", Trait.BRANCH),
  BR(InsnGroup.BRANCH, "1101011 0000 11111 000000 Rn:5 00000", "br <Xn>", Trait.BRANCH, ENDS_BLOCK),
  BLR(InsnGroup.BRANCH, "1101011 0001 11111 000000 Rn:5 00000", "blr <Xn>", Trait.BRANCH, ENDS_BLOCK),
  RET(InsnGroup.BRANCH, "1101011 0010 11111 000000 Rn:5 00000", "ret <optXn>", Trait.BRANCH, ENDS_BLOCK),
  ERET(InsnGroup.BRANCH, "1101011 0100 11111 000000 11111 00000", "eret", Trait.BRANCH, ENDS_BLOCK, PRIVILEGED),
  DRPS(InsnGroup.BRANCH, "1101011 0101 11111 000000 11111 00000", "drps", Trait.BRANCH, ENDS_BLOCK, PRIVILEGED),
  // Exception generation
  SVC(EXCEPTION, "11010100 000 imm16:16 000 01", "svc <x:imm16>", ENDS_BLOCK),
  HVC(EXCEPTION, "11010100 000 imm16:16 000 10", "hvc <x:imm16>", ENDS_BLOCK, PRIVILEGED),
  SMC(EXCEPTION, "11010100 000 imm16:16 000 11", "smc <x:imm16>", ENDS_BLOCK, PRIVILEGED),
  BRK(EXCEPTION, "11010100 001 imm16:16 000 00", "brk <x:imm16>", ENDS_BLOCK),
  HLT(EXCEPTION, "11010100 010 imm16:16 000 00", "hlt <x:imm16>", ENDS_BLOCK),
  DCPS1(EXCEPTION, "11010100 101 imm16:16 000 01", "dcps1 <xopt:imm16>", ENDS_BLOCK, PRIVILEGED),
  DCPS2(EXCEPTION, "11010100 101 imm16:16 000 10", "dcps2 <xopt:imm16>", ENDS_BLOCK, PRIVILEGED),
  DCPS3(EXCEPTION, "11010100 101 imm16:16 000 11", "dcps3 <xopt:imm16>", ENDS_BLOCK, PRIVILEGED),
  // System
  HINT(SYSTEM, "1101010100 0 00 011 0010 CRm:4 op2:3 11111", "hint <x:CRm.op2>"),
  CLREX(SYSTEM, "1101010100 0 00 011 0011 CRm:4 010 11111", "clrex <clrex>"),
  DSB(SYSTEM, "1101010100 0 00 011 0011 CRm:4 100 11111", "dsb <barrier>"),
  DMB(SYSTEM, "1101010100 0 00 011 0011 CRm:4 101 11111", "dmb <barrier>"),
  ISB(SYSTEM, "1101010100 0 00 011 0011 CRm:4 110 11111", "isb <isb>", ENDS_BLOCK),
  MSR_SPSEL(SYSTEM, "1101010100 0 00 000 0100 CRm:4 101 11111", "msr spsel, <x:CRm>", ENDS_BLOCK, PRIVILEGED),
  MSR_DAIFSET(SYSTEM, "1101010100 0 00 011 0100 CRm:4 110 11111", "msr daifset, <x:CRm>", ENDS_BLOCK, PRIVILEGED),
  MSR_DAIFCLR(SYSTEM, "1101010100 0 00 011 0100 CRm:4 111 11111", "msr daifclr, <x:CRm>", ENDS_BLOCK, PRIVILEGED),
  MSR_PAN(SYSTEM, Feature.PAN, "1101010100 0 00 000 0100 CRm:4 100 11111", "msr pan, <x:CRm>", null,
      ENDS_BLOCK, PRIVILEGED),
  MSR_UAO(SYSTEM, UAO, "1101010100 0 00 000 0100 CRm:4 011 11111", "msr uao, <x:CRm>", null,
      ENDS_BLOCK, PRIVILEGED),
  SYS(SYSTEM, "1101010100 0 01 op1:3 CRn:4 CRm:4 op2:3 Rt:5", "sys <d:op1>, <C:CRn>, <C:CRm>, <d:op2><optXt>",
      READS_MEMORY, WRITES_MEMORY, PRIVILEGED),
  SYSL(SYSTEM, "1101010100 1 01 op1:3 CRn:4 CRm:4 op2:3 Rt:5", "sysl <Xt>, <d:op1>, <C:CRn>, <C:CRm>, <d:op2>",
      PRIVILEGED),
  MSR_REG(SYSTEM, "1101010100 0 1 o0 op1:3 CRn:4 CRm:4 op2:3 Rt:5", "msr <sysreg>, <Xt>", ENDS_BLOCK, PRIVILEGED),
  MRS(SYSTEM, "1101010100 1 1 o0 op1:3 CRn:4 CRm:4 op2:3 Rt:5", "mrs <Xt>, <sysreg>", PRIVILEGED),

  // Logical, shifted register
  AND_SHIFTED(DP_REG, "sf 00 01010 shift:2 0 Rm:5 imm6:6 Rn:5 Rd:5", "and <Rd>, <Rn>, <Rm><shift>", "sf=0 imm6>=32"),
  BIC_SHIFTED(DP_REG, "sf 00 01010 shift:2 1 Rm:5 imm6:6 Rn:5 Rd:5", "bic <Rd>, <Rn>, <Rm><shift>", "sf=0 imm6>=32"),
  ORR_SHIFTED(DP_REG, "sf 01 01010 shift:2 0 Rm:5 imm6:6 Rn:5 Rd:5", "orr <Rd>, <Rn>, <Rm><shift>", "sf=0 imm6>=32"),
  ORN_SHIFTED(DP_REG, "sf 01 01010 shift:2 1 Rm:5 imm6:6 Rn:5 Rd:5", "orn <Rd>, <Rn>, <Rm><shift>", "sf=0 imm6>=32"),
  EOR_SHIFTED(DP_REG, "sf 10 01010 shift:2 0 Rm:5 imm6:6 Rn:5 Rd:5", "eor <Rd>, <Rn>, <Rm><shift>", "sf=0 imm6>=32"),
  EON_SHIFTED(DP_REG, "sf 10 01010 shift:2 1 Rm:5 imm6:6 Rn:5 Rd:5", "eon <Rd>, <Rn>, <Rm><shift>", "sf=0 imm6>=32"),
  ANDS_SHIFTED(DP_REG, "sf 11 01010 shift:2 0 Rm:5 imm6:6 Rn:5 Rd:5", "ands <Rd>, <Rn>, <Rm><shift>", "sf=0 imm6>=32"),
  BICS_SHIFTED(DP_REG, "sf 11 01010 shift:2 1 Rm:5 imm6:6 Rn:5 Rd:5", "bics <Rd>, <Rn>, <Rm><shift>", "sf=0 imm6>=32"),
  // Add and subtract, shifted register
  ADD_SHIFTED(DP_REG, "sf 0 0 01011 shift:2 0 Rm:5 imm6:6 Rn:5 Rd:5", "add <Rd>, <Rn>, <Rm><shift>",
      "shift=3; sf=0 imm6>=32"),
  ADDS_SHIFTED(DP_REG, "sf 0 1 01011 shift:2 0 Rm:5 imm6:6 Rn:5 Rd:5", "adds <Rd>, <Rn>, <Rm><shift>",
      "shift=3; sf=0 imm6>=32"),
  SUB_SHIFTED(DP_REG, "sf 1 0 01011 shift:2 0 Rm:5 imm6:6 Rn:5 Rd:5", "sub <Rd>, <Rn>, <Rm><shift>",
      "shift=3; sf=0 imm6>=32"),
  SUBS_SHIFTED(DP_REG, "sf 1 1 01011 shift:2 0 Rm:5 imm6:6 Rn:5 Rd:5", "subs <Rd>, <Rn>, <Rm><shift>",
      "shift=3; sf=0 imm6>=32"),
  // Add and subtract, extended register
  ADD_EXTENDED(DP_REG, "sf 0 0 01011 00 1 Rm:5 option:3 imm3:3 Rn:5 Rd:5", "add <Rd|SP>, <Rn|SP>, <extend>", "imm3>=5"),
  ADDS_EXTENDED(DP_REG, "sf 0 1 01011 00 1 Rm:5 option:3 imm3:3 Rn:5 Rd:5", "adds <Rd>, <Rn|SP>, <extend>", "imm3>=5"),
  SUB_EXTENDED(DP_REG, "sf 1 0 01011 00 1 Rm:5 option:3 imm3:3 Rn:5 Rd:5", "sub <Rd|SP>, <Rn|SP>, <extend>", "imm3>=5"),
  SUBS_EXTENDED(DP_REG, "sf 1 1 01011 00 1 Rm:5 option:3 imm3:3 Rn:5 Rd:5", "subs <Rd>, <Rn|SP>, <extend>", "imm3>=5"),
  // With carry
  ADC(DP_REG, "sf 0 0 11010000 Rm:5 000000 Rn:5 Rd:5", "adc <Rd>, <Rn>, <Rm>"),
  ADCS(DP_REG, "sf 0 1 11010000 Rm:5 000000 Rn:5 Rd:5", "adcs <Rd>, <Rn>, <Rm>"),
  SBC(DP_REG, "sf 1 0 11010000 Rm:5 000000 Rn:5 Rd:5", "sbc <Rd>, <Rn>, <Rm>"),
  SBCS(DP_REG, "sf 1 1 11010000 Rm:5 000000 Rn:5 Rd:5", "sbcs <Rd>, <Rn>, <Rm>"),
  // Conditional compare and select
  CCMN_REG(DP_REG, "sf 0 1 11010010 Rm:5 cond:4 00 Rn:5 0 nzcv:4", "ccmn <Rn>, <Rm>, <x:nzcv>, <cond>"),
  CCMP_REG(DP_REG, "sf 1 1 11010010 Rm:5 cond:4 00 Rn:5 0 nzcv:4", "ccmp <Rn>, <Rm>, <x:nzcv>, <cond>"),
  CCMN_IMM(DP_REG, "sf 0 1 11010010 imm5:5 cond:4 10 Rn:5 0 nzcv:4", "ccmn <Rn>, <x:imm5>, <x:nzcv>, <cond>"),
  CCMP_IMM(DP_REG, "sf 1 1 11010010 imm5:5 cond:4 10 Rn:5 0 nzcv:4", "ccmp <Rn>, <x:imm5>, <x:nzcv>, <cond>"),
  CSEL(DP_REG, "sf 0 0 11010100 Rm:5 cond:4 00 Rn:5 Rd:5", "csel <Rd>, <Rn>, <Rm>, <cond>"),
  CSINC(DP_REG, "sf 0 0 11010100 Rm:5 cond:4 01 Rn:5 Rd:5", "csinc <Rd>, <Rn>, <Rm>, <cond>"),
  CSINV(DP_REG, "sf 1 0 11010100 Rm:5 cond:4 00 Rn:5 Rd:5", "csinv <Rd>, <Rn>, <Rm>, <cond>"),
  CSNEG(DP_REG, "sf 1 0 11010100 Rm:5 cond:4 01 Rn:5 Rd:5", "csneg <Rd>, <Rn>, <Rm>, <cond>"),
  // One source
  RBIT(DP_REG, "sf 1 0 11010110 00000 000000 Rn:5 Rd:5", "rbit <Rd>, <Rn>"),
  REV16(DP_REG, "sf 1 0 11010110 00000 000001 Rn:5 Rd:5", "rev16 <Rd>, <Rn>"),
  /** Reverses the bytes of each word; for a 32-bit register the assembler calls it {@code rev}. */
  REV32(DP_REG, "sf 1 0 11010110 00000 000010 Rn:5 Rd:5", "<sf=rev,rev32> <Rd>, <Rn>"),
  REV64(DP_REG, "1 1 0 11010110 00000 000011 Rn:5 Rd:5", "rev <Xd>, <Xn>"),
  CLZ(DP_REG, "sf 1 0 11010110 00000 000100 Rn:5 Rd:5", "clz <Rd>, <Rn>"),
  CLS(DP_REG, "sf 1 0 11010110 00000 000101 Rn:5 Rd:5", "cls <Rd>, <Rn>"),
  // Two sources
  UDIV(DP_REG, "sf 0 0 11010110 Rm:5 000010 Rn:5 Rd:5", "udiv <Rd>, <Rn>, <Rm>"),
  SDIV(DP_REG, "sf 0 0 11010110 Rm:5 000011 Rn:5 Rd:5", "sdiv <Rd>, <Rn>, <Rm>"),
  LSLV(DP_REG, "sf 0 0 11010110 Rm:5 001000 Rn:5 Rd:5", "lslv <Rd>, <Rn>, <Rm>"),
  LSRV(DP_REG, "sf 0 0 11010110 Rm:5 001001 Rn:5 Rd:5", "lsrv <Rd>, <Rn>, <Rm>"),
  ASRV(DP_REG, "sf 0 0 11010110 Rm:5 001010 Rn:5 Rd:5", "asrv <Rd>, <Rn>, <Rm>"),
  RORV(DP_REG, "sf 0 0 11010110 Rm:5 001011 Rn:5 Rd:5", "rorv <Rd>, <Rn>, <Rm>"),
  CRC32(DP_REG, Feature.CRC32, "sf 0 0 11010110 Rm:5 0100 sz:2 Rn:5 Rd:5", "crc32<sz=b,h,w,x> <Wd>, <Wn>, <Rm>",
      "sf=0 sz=3; sf=1 sz!=3"),
  CRC32C(DP_REG, Feature.CRC32, "sf 0 0 11010110 Rm:5 0101 sz:2 Rn:5 Rd:5", "crc32c<sz=b,h,w,x> <Wd>, <Wn>, <Rm>",
      "sf=0 sz=3; sf=1 sz!=3"),
  // Three sources
  MADD(DP_REG, "sf 00 11011 000 Rm:5 0 Ra:5 Rn:5 Rd:5", "madd <Rd>, <Rn>, <Rm>, <Ra>"),
  MSUB(DP_REG, "sf 00 11011 000 Rm:5 1 Ra:5 Rn:5 Rd:5", "msub <Rd>, <Rn>, <Rm>, <Ra>"),
  SMADDL(DP_REG, "1 00 11011 001 Rm:5 0 Ra:5 Rn:5 Rd:5", "smaddl <Xd>, <Wn>, <Wm>, <Xa>"),
  SMSUBL(DP_REG, "1 00 11011 001 Rm:5 1 Ra:5 Rn:5 Rd:5", "smsubl <Xd>, <Wn>, <Wm>, <Xa>"),
  SMULH(DP_REG, "1 00 11011 010 Rm:5 0 (11111) Rn:5 Rd:5", "smulh <Xd>, <Xn>, <Xm>"),
  UMADDL(DP_REG, "1 00 11011 101 Rm:5 0 Ra:5 Rn:5 Rd:5", "umaddl <Xd>, <Wn>, <Wm>, <Xa>"),
  UMSUBL(DP_REG, "1 00 11011 101 Rm:5 1 Ra:5 Rn:5 Rd:5", "umsubl <Xd>, <Wn>, <Wm>, <Xa>"),
  UMULH(DP_REG, "1 00 11011 110 Rm:5 0 (11111) Rn:5 Rd:5", "umulh <Xd>, <Xn>, <Xm>"),

  // Load literal
  LDR_LITERAL(LOAD_STORE, "0 sf 011000 imm19:19 Rt:5", "ldr <Rt>, <rel19>", READS_MEMORY),
  LDRSW_LITERAL(LOAD_STORE, "10 011000 imm19:19 Rt:5", "ldrsw <Xt>, <rel19>", READS_MEMORY),
  PRFM_LITERAL(LOAD_STORE, "11 011000 imm19:19 Rt:5", "prfm <prfop>, <rel19>"),
  LDR_FP_LITERAL(LOAD_STORE_FP, "opc:2 011100 imm19:19 Rt:5", "ldr <Vt:opc=sdq>, <rel19>", "opc=3", READS_MEMORY),
  // Pairs
  STNP(LOAD_STORE, "sf 0 101 0 000 0 imm7:7 Rt2:5 Rn:5 Rt:5", "stnp <Rt>, <Rt2>, [<Xn|SP><pair:sf+2>]", WRITES_MEMORY),
  LDNP(LOAD_STORE, "sf 0 101 0 000 1 imm7:7 Rt2:5 Rn:5 Rt:5", "ldnp <Rt>, <Rt2>, [<Xn|SP><pair:sf+2>]", READS_MEMORY),
  STP_POST(LOAD_STORE, "sf 0 101 0 001 0 imm7:7 Rt2:5 Rn:5 Rt:5", "stp <Rt>, <Rt2>, [<Xn|SP>], <pairx:sf+2>",
      WRITES_MEMORY),
  LDP_POST(LOAD_STORE, "sf 0 101 0 001 1 imm7:7 Rt2:5 Rn:5 Rt:5", "ldp <Rt>, <Rt2>, [<Xn|SP>], <pairx:sf+2>",
      READS_MEMORY),
  STP_OFFSET(LOAD_STORE, "sf 0 101 0 010 0 imm7:7 Rt2:5 Rn:5 Rt:5", "stp <Rt>, <Rt2>, [<Xn|SP><pair:sf+2>]",
      WRITES_MEMORY),
  LDP_OFFSET(LOAD_STORE, "sf 0 101 0 010 1 imm7:7 Rt2:5 Rn:5 Rt:5", "ldp <Rt>, <Rt2>, [<Xn|SP><pair:sf+2>]",
      READS_MEMORY),
  STP_PRE(LOAD_STORE, "sf 0 101 0 011 0 imm7:7 Rt2:5 Rn:5 Rt:5", "stp <Rt>, <Rt2>, [<Xn|SP>, <pairx:sf+2>]!",
      WRITES_MEMORY),
  LDP_PRE(LOAD_STORE, "sf 0 101 0 011 1 imm7:7 Rt2:5 Rn:5 Rt:5", "ldp <Rt>, <Rt2>, [<Xn|SP>, <pairx:sf+2>]!",
      READS_MEMORY),
  LDPSW_POST(LOAD_STORE, "01 101 0 001 1 imm7:7 Rt2:5 Rn:5 Rt:5", "ldpsw <Xt>, <Xt2>, [<Xn|SP>], <pairx:2>",
      READS_MEMORY),
  LDPSW_OFFSET(LOAD_STORE, "01 101 0 010 1 imm7:7 Rt2:5 Rn:5 Rt:5", "ldpsw <Xt>, <Xt2>, [<Xn|SP><pair:2>]",
      READS_MEMORY),
  LDPSW_PRE(LOAD_STORE, "01 101 0 011 1 imm7:7 Rt2:5 Rn:5 Rt:5", "ldpsw <Xt>, <Xt2>, [<Xn|SP>, <pairx:2>]!",
      READS_MEMORY),
  STNP_FP(LOAD_STORE_FP, "opc:2 101 1 000 0 imm7:7 Rt2:5 Rn:5 Rt:5",
      "stnp <Vt:opc=sdq>, <Vt2:opc=sdq>, [<Xn|SP><pair:opc+2>]", "opc=3", WRITES_MEMORY),
  LDNP_FP(LOAD_STORE_FP, "opc:2 101 1 000 1 imm7:7 Rt2:5 Rn:5 Rt:5",
      "ldnp <Vt:opc=sdq>, <Vt2:opc=sdq>, [<Xn|SP><pair:opc+2>]", "opc=3", READS_MEMORY),
  STP_FP_POST(LOAD_STORE_FP, "opc:2 101 1 001 0 imm7:7 Rt2:5 Rn:5 Rt:5",
      "stp <Vt:opc=sdq>, <Vt2:opc=sdq>, [<Xn|SP>], <pairx:opc+2>", "opc=3", WRITES_MEMORY),
  LDP_FP_POST(LOAD_STORE_FP, "opc:2 101 1 001 1 imm7:7 Rt2:5 Rn:5 Rt:5",
      "ldp <Vt:opc=sdq>, <Vt2:opc=sdq>, [<Xn|SP>], <pairx:opc+2>", "opc=3", READS_MEMORY),
  STP_FP_OFFSET(LOAD_STORE_FP, "opc:2 101 1 010 0 imm7:7 Rt2:5 Rn:5 Rt:5",
      "stp <Vt:opc=sdq>, <Vt2:opc=sdq>, [<Xn|SP><pair:opc+2>]", "opc=3", WRITES_MEMORY),
  LDP_FP_OFFSET(LOAD_STORE_FP, "opc:2 101 1 010 1 imm7:7 Rt2:5 Rn:5 Rt:5",
      "ldp <Vt:opc=sdq>, <Vt2:opc=sdq>, [<Xn|SP><pair:opc+2>]", "opc=3", READS_MEMORY),
  STP_FP_PRE(LOAD_STORE_FP, "opc:2 101 1 011 0 imm7:7 Rt2:5 Rn:5 Rt:5",
      "stp <Vt:opc=sdq>, <Vt2:opc=sdq>, [<Xn|SP>, <pairx:opc+2>]!", "opc=3", WRITES_MEMORY),
  LDP_FP_PRE(LOAD_STORE_FP, "opc:2 101 1 011 1 imm7:7 Rt2:5 Rn:5 Rt:5",
      "ldp <Vt:opc=sdq>, <Vt2:opc=sdq>, [<Xn|SP>, <pairx:opc+2>]!", "opc=3", READS_MEMORY),
  // Unscaled offset; in the signed loads w says that the target is a W register
  STUR(LOAD_STORE, "size:2 111 0 00 00 0 imm9:9 00 Rn:5 Rt:5", "stur<size=b,h,,> <Rt:size=3>, [<Xn|SP><off:imm9>]",
      WRITES_MEMORY),
  LDUR(LOAD_STORE, "size:2 111 0 00 01 0 imm9:9 00 Rn:5 Rt:5", "ldur<size=b,h,,> <Rt:size=3>, [<Xn|SP><off:imm9>]",
      READS_MEMORY),
  LDURS(LOAD_STORE, "size:2 111 0 00 1 w 0 imm9:9 00 Rn:5 Rt:5",
      "ldurs<size=b,h,w,-> <Rt:w=0>, [<Xn|SP><off:imm9>]", "size=3; size=2 w=1", READS_MEMORY),
  PRFUM(LOAD_STORE, "11 111 0 00 10 0 imm9:9 00 Rn:5 Rt:5", "prfum <prfop>, [<Xn|SP><off:imm9>]"),
  STUR_FP(LOAD_STORE_FP, "size:2 111 1 00 q 0 0 imm9:9 00 Rn:5 Rt:5",
      "stur <Vt:q.size=bhsdq>, [<Xn|SP><off:imm9>]", "q=1 size!=0", WRITES_MEMORY),
  LDUR_FP(LOAD_STORE_FP, "size:2 111 1 00 q 1 0 imm9:9 00 Rn:5 Rt:5",
      "ldur <Vt:q.size=bhsdq>, [<Xn|SP><off:imm9>]", "q=1 size!=0", READS_MEMORY),
  // Post-indexed
  STR_IMM_POST(LOAD_STORE, "size:2 111 0 00 00 0 imm9:9 01 Rn:5 Rt:5",
      "str<size=b,h,,> <Rt:size=3>, [<Xn|SP>], <s:imm9>", WRITES_MEMORY),
  LDR_IMM_POST(LOAD_STORE, "size:2 111 0 00 01 0 imm9:9 01 Rn:5 Rt:5",
      "ldr<size=b,h,,> <Rt:size=3>, [<Xn|SP>], <s:imm9>", READS_MEMORY),
  LDRS_IMM_POST(LOAD_STORE, "size:2 111 0 00 1 w 0 imm9:9 01 Rn:5 Rt:5",
      "ldrs<size=b,h,w,-> <Rt:w=0>, [<Xn|SP>], <s:imm9>", "size=3; size=2 w=1", READS_MEMORY),
  STR_FP_IMM_POST(LOAD_STORE_FP, "size:2 111 1 00 q 0 0 imm9:9 01 Rn:5 Rt:5",
      "str <Vt:q.size=bhsdq>, [<Xn|SP>], <s:imm9>", "q=1 size!=0", WRITES_MEMORY),
  LDR_FP_IMM_POST(LOAD_STORE_FP, "size:2 111 1 00 q 1 0 imm9:9 01 Rn:5 Rt:5",
      "ldr <Vt:q.size=bhsdq>, [<Xn|SP>], <s:imm9>", "q=1 size!=0", READS_MEMORY),
  // Unprivileged
  STTR(LOAD_STORE, "size:2 111 0 00 00 0 imm9:9 10 Rn:5 Rt:5", "sttr<size=b,h,,> <Rt:size=3>, [<Xn|SP><off:imm9>]",
      WRITES_MEMORY),
  LDTR(LOAD_STORE, "size:2 111 0 00 01 0 imm9:9 10 Rn:5 Rt:5", "ldtr<size=b,h,,> <Rt:size=3>, [<Xn|SP><off:imm9>]",
      READS_MEMORY),
  LDTRS(LOAD_STORE, "size:2 111 0 00 1 w 0 imm9:9 10 Rn:5 Rt:5",
      "ldtrs<size=b,h,w,-> <Rt:w=0>, [<Xn|SP><off:imm9>]", "size=3; size=2 w=1", READS_MEMORY),
  // Pre-indexed
  STR_IMM_PRE(LOAD_STORE, "size:2 111 0 00 00 0 imm9:9 11 Rn:5 Rt:5",
      "str<size=b,h,,> <Rt:size=3>, [<Xn|SP>, <s:imm9>]!", WRITES_MEMORY),
  LDR_IMM_PRE(LOAD_STORE, "size:2 111 0 00 01 0 imm9:9 11 Rn:5 Rt:5",
      "ldr<size=b,h,,> <Rt:size=3>, [<Xn|SP>, <s:imm9>]!", READS_MEMORY),
  LDRS_IMM_PRE(LOAD_STORE, "size:2 111 0 00 1 w 0 imm9:9 11 Rn:5 Rt:5",
      "ldrs<size=b,h,w,-> <Rt:w=0>, [<Xn|SP>, <s:imm9>]!", "size=3; size=2 w=1", READS_MEMORY),
  STR_FP_IMM_PRE(LOAD_STORE_FP, "size:2 111 1 00 q 0 0 imm9:9 11 Rn:5 Rt:5",
      "str <Vt:q.size=bhsdq>, [<Xn|SP>, <s:imm9>]!", "q=1 size!=0", WRITES_MEMORY),
  LDR_FP_IMM_PRE(LOAD_STORE_FP, "size:2 111 1 00 q 1 0 imm9:9 11 Rn:5 Rt:5",
      "ldr <Vt:q.size=bhsdq>, [<Xn|SP>, <s:imm9>]!", "q=1 size!=0", READS_MEMORY),
  // Register offset
  STR_REG(LOAD_STORE, "size:2 111 0 00 00 1 Rm:5 option:3 S 10 Rn:5 Rt:5",
      "str<size=b,h,,> <Rt:size=3>, [<Xn|SP>, <index:size>]", "option<2; option=4; option=5", WRITES_MEMORY),
  LDR_REG(LOAD_STORE, "size:2 111 0 00 01 1 Rm:5 option:3 S 10 Rn:5 Rt:5",
      "ldr<size=b,h,,> <Rt:size=3>, [<Xn|SP>, <index:size>]", "option<2; option=4; option=5", READS_MEMORY),
  LDRS_REG(LOAD_STORE, "size:2 111 0 00 1 w 1 Rm:5 option:3 S 10 Rn:5 Rt:5",
      "ldrs<size=b,h,w,-> <Rt:w=0>, [<Xn|SP>, <index:size>]",
      "size=3; size=2 w=1; option<2; option=4; option=5", READS_MEMORY),
  PRFM_REG(LOAD_STORE, "11 111 0 00 10 1 Rm:5 option:3 S 10 Rn:5 Rt:5", "prfm <prfop>, [<Xn|SP>, <index:3>]",
      "option<2; option=4; option=5"),
  STR_FP_REG(LOAD_STORE_FP, "size:2 111 1 00 q 0 1 Rm:5 option:3 S 10 Rn:5 Rt:5",
      "str <Vt:q.size=bhsdq>, [<Xn|SP>, <index:q.size>]", "q=1 size!=0; option<2; option=4; option=5", WRITES_MEMORY),
  LDR_FP_REG(LOAD_STORE_FP, "size:2 111 1 00 q 1 1 Rm:5 option:3 S 10 Rn:5 Rt:5",
      "ldr <Vt:q.size=bhsdq>, [<Xn|SP>, <index:q.size>]", "q=1 size!=0; option<2; option=4; option=5", READS_MEMORY),
  // Unsigned scaled offset
  STR_IMM_UNSIGNED(LOAD_STORE, "size:2 111 0 01 00 imm12:12 Rn:5 Rt:5",
      "str<size=b,h,,> <Rt:size=3>, [<Xn|SP><uoff:size>]", WRITES_MEMORY),
  LDR_IMM_UNSIGNED(LOAD_STORE, "size:2 111 0 01 01 imm12:12 Rn:5 Rt:5",
      "ldr<size=b,h,,> <Rt:size=3>, [<Xn|SP><uoff:size>]", READS_MEMORY),
  LDRS_IMM_UNSIGNED(LOAD_STORE, "size:2 111 0 01 1 w imm12:12 Rn:5 Rt:5",
      "ldrs<size=b,h,w,-> <Rt:w=0>, [<Xn|SP><uoff:size>]", "size=3; size=2 w=1", READS_MEMORY),
  PRFM_IMM_UNSIGNED(LOAD_STORE, "11 111 0 01 10 imm12:12 Rn:5 Rt:5", "prfm <prfop>, [<Xn|SP><uoff:3>]"),
  STR_FP_IMM_UNSIGNED(LOAD_STORE_FP, "size:2 111 1 01 q 0 imm12:12 Rn:5 Rt:5",
      "str <Vt:q.size=bhsdq>, [<Xn|SP><uoff:q.size>]", "q=1 size!=0", WRITES_MEMORY),
  LDR_FP_IMM_UNSIGNED(LOAD_STORE_FP, "size:2 111 1 01 q 1 imm12:12 Rn:5 Rt:5",
      "ldr <Vt:q.size=bhsdq>, [<Xn|SP><uoff:q.size>]", "q=1 size!=0", READS_MEMORY),

  // Exclusive and ordered
  STXR(EXCLUSIVE, "size:2 001000 000 Rs:5 0 (11111) Rn:5 Rt:5", "stxr<size=b,h,,> <Ws>, <Rt:size=3>, [<Xn|SP>]",
      WRITES_MEMORY),
  STLXR(EXCLUSIVE, "size:2 001000 000 Rs:5 1 (11111) Rn:5 Rt:5", "stlxr<size=b,h,,> <Ws>, <Rt:size=3>, [<Xn|SP>]",
      WRITES_MEMORY),
  STXP(EXCLUSIVE, "1 sz 001000 001 Rs:5 0 Rt2:5 Rn:5 Rt:5", "stxp <Ws>, <Rt:sz=1>, <Rt2:sz=1>, [<Xn|SP>]",
      WRITES_MEMORY),
  STLXP(EXCLUSIVE, "1 sz 001000 001 Rs:5 1 Rt2:5 Rn:5 Rt:5", "stlxp <Ws>, <Rt:sz=1>, <Rt2:sz=1>, [<Xn|SP>]",
      WRITES_MEMORY),
  LDXR(EXCLUSIVE, "size:2 001000 010 (11111) 0 (11111) Rn:5 Rt:5", "ldxr<size=b,h,,> <Rt:size=3>, [<Xn|SP>]",
      READS_MEMORY),
  LDAXR(EXCLUSIVE, "size:2 001000 010 (11111) 1 (11111) Rn:5 Rt:5", "ldaxr<size=b,h,,> <Rt:size=3>, [<Xn|SP>]",
      READS_MEMORY),
  LDXP(EXCLUSIVE, "1 sz 001000 011 (11111) 0 Rt2:5 Rn:5 Rt:5", "ldxp <Rt:sz=1>, <Rt2:sz=1>, [<Xn|SP>]", READS_MEMORY),
  LDAXP(EXCLUSIVE, "1 sz 001000 011 (11111) 1 Rt2:5 Rn:5 Rt:5", "ldaxp <Rt:sz=1>, <Rt2:sz=1>, [<Xn|SP>]", READS_MEMORY),
  STLR(EXCLUSIVE, "size:2 001000 100 (11111) 1 (11111) Rn:5 Rt:5", "stlr<size=b,h,,> <Rt:size=3>, [<Xn|SP>]",
      WRITES_MEMORY),
  LDAR(EXCLUSIVE, "size:2 001000 110 (11111) 1 (11111) Rn:5 Rt:5", "ldar<size=b,h,,> <Rt:size=3>, [<Xn|SP>]",
      READS_MEMORY),
  STLLR(EXCLUSIVE, LOR, "size:2 001000 100 (11111) 0 (11111) Rn:5 Rt:5", "stllr<size=b,h,,> <Rt:size=3>, [<Xn|SP>]",
      null, WRITES_MEMORY),
  LDLAR(EXCLUSIVE, LOR, "size:2 001000 110 (11111) 0 (11111) Rn:5 Rt:5", "ldlar<size=b,h,,> <Rt:size=3>, [<Xn|SP>]",
      null, READS_MEMORY),
  LDAPR(EXCLUSIVE, LRCPC, "size:2 111000 101 (11111) 1100 00 Rn:5 Rt:5", "ldapr<size=b,h,,> <Rt:size=3>, [<Xn|SP>]",
      null, READS_MEMORY),
  // Atomic: A acquire, R release
  CAS(ATOMIC, "size:2 001000 1 A 1 Rs:5 R 11111 Rn:5 Rt:5",
      "cas<A=,a><R=,l><size=b,h,,> <Rs:size=3>, <Rt:size=3>, [<Xn|SP>]", READS_MEMORY, WRITES_MEMORY),
  CASP(ATOMIC, "0 sz 001000 0 A 1 Rs:5 R 11111 Rn:5 Rt:5",
      "casp<A=,a><R=,l> <Rs:sz=1>, <Rs+1:sz=1>, <Rt:sz=1>, <Rt+1:sz=1>, [<Xn|SP>]", "odd:Rs; odd:Rt",
      READS_MEMORY, WRITES_MEMORY),
  LDADD(ATOMIC, "size:2 111 0 00 A R 1 Rs:5 0 000 00 Rn:5 Rt:5",
      "ldadd<A=,a><R=,l><size=b,h,,> <Rs:size=3>, <Rt:size=3>, [<Xn|SP>]", READS_MEMORY, WRITES_MEMORY),
  LDCLR(ATOMIC, "size:2 111 0 00 A R 1 Rs:5 0 001 00 Rn:5 Rt:5",
      "ldclr<A=,a><R=,l><size=b,h,,> <Rs:size=3>, <Rt:size=3>, [<Xn|SP>]", READS_MEMORY, WRITES_MEMORY),
  LDEOR(ATOMIC, "size:2 111 0 00 A R 1 Rs:5 0 010 00 Rn:5 Rt:5",
      "ldeor<A=,a><R=,l><size=b,h,,> <Rs:size=3>, <Rt:size=3>, [<Xn|SP>]", READS_MEMORY, WRITES_MEMORY),
  LDSET(ATOMIC, "size:2 111 0 00 A R 1 Rs:5 0 011 00 Rn:5 Rt:5",
      "ldset<A=,a><R=,l><size=b,h,,> <Rs:size=3>, <Rt:size=3>, [<Xn|SP>]", READS_MEMORY, WRITES_MEMORY),
  LDSMAX(ATOMIC, "size:2 111 0 00 A R 1 Rs:5 0 100 00 Rn:5 Rt:5",
      "ldsmax<A=,a><R=,l><size=b,h,,> <Rs:size=3>, <Rt:size=3>, [<Xn|SP>]", READS_MEMORY, WRITES_MEMORY),
  LDSMIN(ATOMIC, "size:2 111 0 00 A R 1 Rs:5 0 101 00 Rn:5 Rt:5",
      "ldsmin<A=,a><R=,l><size=b,h,,> <Rs:size=3>, <Rt:size=3>, [<Xn|SP>]", READS_MEMORY, WRITES_MEMORY),
  LDUMAX(ATOMIC, "size:2 111 0 00 A R 1 Rs:5 0 110 00 Rn:5 Rt:5",
      "ldumax<A=,a><R=,l><size=b,h,,> <Rs:size=3>, <Rt:size=3>, [<Xn|SP>]", READS_MEMORY, WRITES_MEMORY),
  LDUMIN(ATOMIC, "size:2 111 0 00 A R 1 Rs:5 0 111 00 Rn:5 Rt:5",
      "ldumin<A=,a><R=,l><size=b,h,,> <Rs:size=3>, <Rt:size=3>, [<Xn|SP>]", READS_MEMORY, WRITES_MEMORY),
  SWP(ATOMIC, "size:2 111 0 00 A R 1 Rs:5 1 000 00 Rn:5 Rt:5",
      "swp<A=,a><R=,l><size=b,h,,> <Rs:size=3>, <Rt:size=3>, [<Xn|SP>]", READS_MEMORY, WRITES_MEMORY),

  // Floating point to and from fixed point in a general register; fbits is 64 minus scale
  SCVTF_INT_FIXED(FP, "sf 0 0 11110 ftype:2 0 00 010 scale:6 Rn:5 Rd:5",
      "scvtf <Fd>, <Rn>, <fbits>", "ftype>=2; sf=0 scale<32"),
  UCVTF_INT_FIXED(FP, "sf 0 0 11110 ftype:2 0 00 011 scale:6 Rn:5 Rd:5",
      "ucvtf <Fd>, <Rn>, <fbits>", "ftype>=2; sf=0 scale<32"),
  FCVTZS_INT_FIXED(FP, "sf 0 0 11110 ftype:2 0 11 000 scale:6 Rn:5 Rd:5",
      "fcvtzs <Rd>, <Fn>, <fbits>", "ftype>=2; sf=0 scale<32"),
  FCVTZU_INT_FIXED(FP, "sf 0 0 11110 ftype:2 0 11 001 scale:6 Rn:5 Rd:5",
      "fcvtzu <Rd>, <Fn>, <fbits>", "ftype>=2; sf=0 scale<32"),
  // Floating point to and from integers in a general register
  FCVTNS_INT(FP, "sf 0 0 11110 ftype:2 1 00 000 000000 Rn:5 Rd:5", "fcvtns <Rd>, <Fn>", "ftype>=2"),
  FCVTNU_INT(FP, "sf 0 0 11110 ftype:2 1 00 001 000000 Rn:5 Rd:5", "fcvtnu <Rd>, <Fn>", "ftype>=2"),
  FCVTAS_INT(FP, "sf 0 0 11110 ftype:2 1 00 100 000000 Rn:5 Rd:5", "fcvtas <Rd>, <Fn>", "ftype>=2"),
  FCVTAU_INT(FP, "sf 0 0 11110 ftype:2 1 00 101 000000 Rn:5 Rd:5", "fcvtau <Rd>, <Fn>", "ftype>=2"),
  FCVTPS_INT(FP, "sf 0 0 11110 ftype:2 1 01 000 000000 Rn:5 Rd:5", "fcvtps <Rd>, <Fn>", "ftype>=2"),
  FCVTPU_INT(FP, "sf 0 0 11110 ftype:2 1 01 001 000000 Rn:5 Rd:5", "fcvtpu <Rd>, <Fn>", "ftype>=2"),
  FCVTMS_INT(FP, "sf 0 0 11110 ftype:2 1 10 000 000000 Rn:5 Rd:5", "fcvtms <Rd>, <Fn>", "ftype>=2"),
  FCVTMU_INT(FP, "sf 0 0 11110 ftype:2 1 10 001 000000 Rn:5 Rd:5", "fcvtmu <Rd>, <Fn>", "ftype>=2"),
  FCVTZS_INT(FP, "sf 0 0 11110 ftype:2 1 11 000 000000 Rn:5 Rd:5", "fcvtzs <Rd>, <Fn>", "ftype>=2"),
  FCVTZU_INT(FP, "sf 0 0 11110 ftype:2 1 11 001 000000 Rn:5 Rd:5", "fcvtzu <Rd>, <Fn>", "ftype>=2"),
  SCVTF_INT(FP, "sf 0 0 11110 ftype:2 1 00 010 000000 Rn:5 Rd:5", "scvtf <Fd>, <Rn>", "ftype>=2"),
  UCVTF_INT(FP, "sf 0 0 11110 ftype:2 1 00 011 000000 Rn:5 Rd:5", "ucvtf <Fd>, <Rn>", "ftype>=2"),
  FMOV_TO_GENERAL(FP, "sf 0 0 11110 ftype:2 1 00 110 000000 Rn:5 Rd:5", "fmov <Rd>, <Fn>", "ftype>=2; sf!=ftype"),
  FMOV_FROM_GENERAL(FP, "sf 0 0 11110 ftype:2 1 00 111 000000 Rn:5 Rd:5", "fmov <Fd>, <Rn>", "ftype>=2; sf!=ftype"),
  FMOV_TO_GENERAL_HIGH(FP, "1 0 0 11110 10 1 01 110 000000 Rn:5 Rd:5", "fmov <Xd>, <Vn>.d[1]"),
  FMOV_FROM_GENERAL_HIGH(FP, "1 0 0 11110 10 1 01 111 000000 Rn:5 Rd:5", "fmov <Vd>.d[1], <Xn>"),
  // Floating point, one source
  FMOV_SCALAR(FP, "000 11110 ftype:2 1 000000 10000 Rn:5 Rd:5", "fmov <Fd>, <Fn>", "ftype>=2"),
  FABS_SCALAR(FP, "000 11110 ftype:2 1 000001 10000 Rn:5 Rd:5", "fabs <Fd>, <Fn>", "ftype>=2"),
  FNEG_SCALAR(FP, "000 11110 ftype:2 1 000010 10000 Rn:5 Rd:5", "fneg <Fd>, <Fn>", "ftype>=2"),
  FSQRT_SCALAR(FP, "000 11110 ftype:2 1 000011 10000 Rn:5 Rd:5", "fsqrt <Fd>, <Fn>", "ftype>=2"),
  FRINTN_SCALAR(FP, "000 11110 ftype:2 1 001000 10000 Rn:5 Rd:5", "frintn <Fd>, <Fn>", "ftype>=2"),
  FRINTP_SCALAR(FP, "000 11110 ftype:2 1 001001 10000 Rn:5 Rd:5", "frintp <Fd>, <Fn>", "ftype>=2"),
  FRINTM_SCALAR(FP, "000 11110 ftype:2 1 001010 10000 Rn:5 Rd:5", "frintm <Fd>, <Fn>", "ftype>=2"),
  FRINTZ_SCALAR(FP, "000 11110 ftype:2 1 001011 10000 Rn:5 Rd:5", "frintz <Fd>, <Fn>", "ftype>=2"),
  FRINTA_SCALAR(FP, "000 11110 ftype:2 1 001100 10000 Rn:5 Rd:5", "frinta <Fd>, <Fn>", "ftype>=2"),
  FRINTX_SCALAR(FP, "000 11110 ftype:2 1 001110 10000 Rn:5 Rd:5", "frintx <Fd>, <Fn>", "ftype>=2"),
  FRINTI_SCALAR(FP, "000 11110 ftype:2 1 001111 10000 Rn:5 Rd:5", "frinti <Fd>, <Fn>", "ftype>=2"),
  FCVT(FP, "000 11110 ftype:2 1 0001 opc:2 10000 Rn:5 Rd:5",
      "fcvt <Vd:opc=sd-h>, <Vn:ftype=sd-h>", "ftype=2; opc=2; opc=ftype"),
  // Floating point, compare and select
  FCMP(FP, "000 11110 ftype:2 1 Rm:5 00 1000 Rn:5 00000", "fcmp <Fn>, <Fm>", "ftype>=2"),
  FCMP_ZERO(FP, "000 11110 ftype:2 1 (00000) 00 1000 Rn:5 01000", "fcmp <Fn>, #0.0", "ftype>=2"),
  FCMPE(FP, "000 11110 ftype:2 1 Rm:5 00 1000 Rn:5 10000", "fcmpe <Fn>, <Fm>", "ftype>=2"),
  FCMPE_ZERO(FP, "000 11110 ftype:2 1 (00000) 00 1000 Rn:5 11000", "fcmpe <Fn>, #0.0", "ftype>=2"),
  FCCMP(FP, "000 11110 ftype:2 1 Rm:5 cond:4 01 Rn:5 0 nzcv:4", "fccmp <Fn>, <Fm>, <x:nzcv>, <cond>", "ftype>=2"),
  FCCMPE(FP, "000 11110 ftype:2 1 Rm:5 cond:4 01 Rn:5 1 nzcv:4", "fccmpe <Fn>, <Fm>, <x:nzcv>, <cond>", "ftype>=2"),
  FCSEL(FP, "000 11110 ftype:2 1 Rm:5 cond:4 11 Rn:5 Rd:5", "fcsel <Fd>, <Fn>, <Fm>, <cond>", "ftype>=2"),
  // Floating point, immediate, two and three sources
  FMOV_SCALAR_IMM(FP, "000 11110 ftype:2 1 imm8:8 100 00000 Rd:5", "fmov <Fd>, <fimm>", "ftype>=2"),
  FMUL_SCALAR(FP, "000 11110 ftype:2 1 Rm:5 0000 10 Rn:5 Rd:5", "fmul <Fd>, <Fn>, <Fm>", "ftype>=2"),
  FDIV_SCALAR(FP, "000 11110 ftype:2 1 Rm:5 0001 10 Rn:5 Rd:5", "fdiv <Fd>, <Fn>, <Fm>", "ftype>=2"),
  FADD_SCALAR(FP, "000 11110 ftype:2 1 Rm:5 0010 10 Rn:5 Rd:5", "fadd <Fd>, <Fn>, <Fm>", "ftype>=2"),
  FSUB_SCALAR(FP, "000 11110 ftype:2 1 Rm:5 0011 10 Rn:5 Rd:5", "fsub <Fd>, <Fn>, <Fm>", "ftype>=2"),
  FMAX_SCALAR(FP, "000 11110 ftype:2 1 Rm:5 0100 10 Rn:5 Rd:5", "fmax <Fd>, <Fn>, <Fm>", "ftype>=2"),
  FMIN_SCALAR(FP, "000 11110 ftype:2 1 Rm:5 0101 10 Rn:5 Rd:5", "fmin <Fd>, <Fn>, <Fm>", "ftype>=2"),
  FMAXNM_SCALAR(FP, "000 11110 ftype:2 1 Rm:5 0110 10 Rn:5 Rd:5", "fmaxnm <Fd>, <Fn>, <Fm>", "ftype>=2"),
  FMINNM_SCALAR(FP, "000 11110 ftype:2 1 Rm:5 0111 10 Rn:5 Rd:5", "fminnm <Fd>, <Fn>, <Fm>", "ftype>=2"),
  FNMUL(FP, "000 11110 ftype:2 1 Rm:5 1000 10 Rn:5 Rd:5", "fnmul <Fd>, <Fn>, <Fm>", "ftype>=2"),
  FMADD(FP, "000 11111 ftype:2 0 Rm:5 0 Ra:5 Rn:5 Rd:5", "fmadd <Fd>, <Fn>, <Fm>, <Fa>", "ftype>=2"),
  FMSUB(FP, "000 11111 ftype:2 0 Rm:5 1 Ra:5 Rn:5 Rd:5", "fmsub <Fd>, <Fn>, <Fm>, <Fa>", "ftype>=2"),
  FNMADD(FP, "000 11111 ftype:2 1 Rm:5 0 Ra:5 Rn:5 Rd:5", "fnmadd <Fd>, <Fn>, <Fm>, <Fa>", "ftype>=2"),
  FNMSUB(FP, "000 11111 ftype:2 1 Rm:5 1 Ra:5 Rn:5 Rd:5", "fnmsub <Fd>, <Fn>, <Fm>, <Fa>", "ftype>=2"),

  // Load and store multiple structures: 1 to 4 registers, interleaved by the digit after LD or ST
  LD1_X1(LOAD_STORE_SIMD, "0 Q 001100 0 1 000000 0111 size:2 Rn:5 Rt:5", "ld1 <list1:T>, [<Xn|SP>]", READS_MEMORY),
  LD1_X1_POST(LOAD_STORE_SIMD, "0 Q 001100 1 1 0 Rm:5 0111 size:2 Rn:5 Rt:5",
      "ld1 <list1:T>, [<Xn|SP>], <after:1>", READS_MEMORY),
  LD1_X2(LOAD_STORE_SIMD, "0 Q 001100 0 1 000000 1010 size:2 Rn:5 Rt:5", "ld1 <list2:T>, [<Xn|SP>]", READS_MEMORY),
  LD1_X2_POST(LOAD_STORE_SIMD, "0 Q 001100 1 1 0 Rm:5 1010 size:2 Rn:5 Rt:5",
      "ld1 <list2:T>, [<Xn|SP>], <after:2>", READS_MEMORY),
  LD1_X3(LOAD_STORE_SIMD, "0 Q 001100 0 1 000000 0110 size:2 Rn:5 Rt:5", "ld1 <list3:T>, [<Xn|SP>]", READS_MEMORY),
  LD1_X3_POST(LOAD_STORE_SIMD, "0 Q 001100 1 1 0 Rm:5 0110 size:2 Rn:5 Rt:5",
      "ld1 <list3:T>, [<Xn|SP>], <after:3>", READS_MEMORY),
  LD1_X4(LOAD_STORE_SIMD, "0 Q 001100 0 1 000000 0010 size:2 Rn:5 Rt:5", "ld1 <list4:T>, [<Xn|SP>]", READS_MEMORY),
  LD1_X4_POST(LOAD_STORE_SIMD, "0 Q 001100 1 1 0 Rm:5 0010 size:2 Rn:5 Rt:5",
      "ld1 <list4:T>, [<Xn|SP>], <after:4>", READS_MEMORY),
  LD2_MULTIPLE(LOAD_STORE_SIMD, "0 Q 001100 0 1 000000 1000 size:2 Rn:5 Rt:5",
      "ld2 <list2:T>, [<Xn|SP>]", "size=3 Q=0", READS_MEMORY),
  LD2_MULTIPLE_POST(LOAD_STORE_SIMD, "0 Q 001100 1 1 0 Rm:5 1000 size:2 Rn:5 Rt:5",
      "ld2 <list2:T>, [<Xn|SP>], <after:2>", "size=3 Q=0", READS_MEMORY),
  LD3_MULTIPLE(LOAD_STORE_SIMD, "0 Q 001100 0 1 000000 0100 size:2 Rn:5 Rt:5",
      "ld3 <list3:T>, [<Xn|SP>]", "size=3 Q=0", READS_MEMORY),
  LD3_MULTIPLE_POST(LOAD_STORE_SIMD, "0 Q 001100 1 1 0 Rm:5 0100 size:2 Rn:5 Rt:5",
      "ld3 <list3:T>, [<Xn|SP>], <after:3>", "size=3 Q=0", READS_MEMORY),
  LD4_MULTIPLE(LOAD_STORE_SIMD, "0 Q 001100 0 1 000000 0000 size:2 Rn:5 Rt:5",
      "ld4 <list4:T>, [<Xn|SP>]", "size=3 Q=0", READS_MEMORY),
  LD4_MULTIPLE_POST(LOAD_STORE_SIMD, "0 Q 001100 1 1 0 Rm:5 0000 size:2 Rn:5 Rt:5",
      "ld4 <list4:T>, [<Xn|SP>], <after:4>", "size=3 Q=0", READS_MEMORY),
  ST1_X1(LOAD_STORE_SIMD, "0 Q 001100 0 0 000000 0111 size:2 Rn:5 Rt:5", "st1 <list1:T>, [<Xn|SP>]", WRITES_MEMORY),
  ST1_X1_POST(LOAD_STORE_SIMD, "0 Q 001100 1 0 0 Rm:5 0111 size:2 Rn:5 Rt:5",
      "st1 <list1:T>, [<Xn|SP>], <after:1>", WRITES_MEMORY),
  ST1_X2(LOAD_STORE_SIMD, "0 Q 001100 0 0 000000 1010 size:2 Rn:5 Rt:5", "st1 <list2:T>, [<Xn|SP>]", WRITES_MEMORY),
  ST1_X2_POST(LOAD_STORE_SIMD, "0 Q 001100 1 0 0 Rm:5 1010 size:2 Rn:5 Rt:5",
      "st1 <list2:T>, [<Xn|SP>], <after:2>", WRITES_MEMORY),
  ST1_X3(LOAD_STORE_SIMD, "0 Q 001100 0 0 000000 0110 size:2 Rn:5 Rt:5", "st1 <list3:T>, [<Xn|SP>]", WRITES_MEMORY),
  ST1_X3_POST(LOAD_STORE_SIMD, "0 Q 001100 1 0 0 Rm:5 0110 size:2 Rn:5 Rt:5",
      "st1 <list3:T>, [<Xn|SP>], <after:3>", WRITES_MEMORY),
  ST1_X4(LOAD_STORE_SIMD, "0 Q 001100 0 0 000000 0010 size:2 Rn:5 Rt:5", "st1 <list4:T>, [<Xn|SP>]", WRITES_MEMORY),
  ST1_X4_POST(LOAD_STORE_SIMD, "0 Q 001100 1 0 0 Rm:5 0010 size:2 Rn:5 Rt:5",
      "st1 <list4:T>, [<Xn|SP>], <after:4>", WRITES_MEMORY),
  ST2_MULTIPLE(LOAD_STORE_SIMD, "0 Q 001100 0 0 000000 1000 size:2 Rn:5 Rt:5",
      "st2 <list2:T>, [<Xn|SP>]", "size=3 Q=0", WRITES_MEMORY),
  ST2_MULTIPLE_POST(LOAD_STORE_SIMD, "0 Q 001100 1 0 0 Rm:5 1000 size:2 Rn:5 Rt:5",
      "st2 <list2:T>, [<Xn|SP>], <after:2>", "size=3 Q=0", WRITES_MEMORY),
  ST3_MULTIPLE(LOAD_STORE_SIMD, "0 Q 001100 0 0 000000 0100 size:2 Rn:5 Rt:5",
      "st3 <list3:T>, [<Xn|SP>]", "size=3 Q=0", WRITES_MEMORY),
  ST3_MULTIPLE_POST(LOAD_STORE_SIMD, "0 Q 001100 1 0 0 Rm:5 0100 size:2 Rn:5 Rt:5",
      "st3 <list3:T>, [<Xn|SP>], <after:3>", "size=3 Q=0", WRITES_MEMORY),
  ST4_MULTIPLE(LOAD_STORE_SIMD, "0 Q 001100 0 0 000000 0000 size:2 Rn:5 Rt:5",
      "st4 <list4:T>, [<Xn|SP>]", "size=3 Q=0", WRITES_MEMORY),
  ST4_MULTIPLE_POST(LOAD_STORE_SIMD, "0 Q 001100 1 0 0 Rm:5 0000 size:2 Rn:5 Rt:5",
      "st4 <list4:T>, [<Xn|SP>], <after:4>", "size=3 Q=0", WRITES_MEMORY),
  // Load and store single structures: one lane of 1 to 4 registers; scale is the lane's size
  LD1_SINGLE(LOAD_STORE_SIMD, "0 Q 001101 0 1 0 00000 scale:2 0 S size:2 Rn:5 Rt:5",
      "ld1 <lane1>, [<Xn|SP>]", "badlane", READS_MEMORY),
  LD1_SINGLE_POST(LOAD_STORE_SIMD, "0 Q 001101 1 1 0 Rm:5 scale:2 0 S size:2 Rn:5 Rt:5",
      "ld1 <lane1>, [<Xn|SP>], <afterlane:1>", "badlane", READS_MEMORY),
  LD2_SINGLE(LOAD_STORE_SIMD, "0 Q 001101 0 1 1 00000 scale:2 0 S size:2 Rn:5 Rt:5",
      "ld2 <lane2>, [<Xn|SP>]", "badlane", READS_MEMORY),
  LD2_SINGLE_POST(LOAD_STORE_SIMD, "0 Q 001101 1 1 1 Rm:5 scale:2 0 S size:2 Rn:5 Rt:5",
      "ld2 <lane2>, [<Xn|SP>], <afterlane:2>", "badlane", READS_MEMORY),
  LD3_SINGLE(LOAD_STORE_SIMD, "0 Q 001101 0 1 0 00000 scale:2 1 S size:2 Rn:5 Rt:5",
      "ld3 <lane3>, [<Xn|SP>]", "badlane", READS_MEMORY),
  LD3_SINGLE_POST(LOAD_STORE_SIMD, "0 Q 001101 1 1 0 Rm:5 scale:2 1 S size:2 Rn:5 Rt:5",
      "ld3 <lane3>, [<Xn|SP>], <afterlane:3>", "badlane", READS_MEMORY),
  LD4_SINGLE(LOAD_STORE_SIMD, "0 Q 001101 0 1 1 00000 scale:2 1 S size:2 Rn:5 Rt:5",
      "ld4 <lane4>, [<Xn|SP>]", "badlane", READS_MEMORY),
  LD4_SINGLE_POST(LOAD_STORE_SIMD, "0 Q 001101 1 1 1 Rm:5 scale:2 1 S size:2 Rn:5 Rt:5",
      "ld4 <lane4>, [<Xn|SP>], <afterlane:4>", "badlane", READS_MEMORY),
  ST1_SINGLE(LOAD_STORE_SIMD, "0 Q 001101 0 0 0 00000 scale:2 0 S size:2 Rn:5 Rt:5",
      "st1 <lane1>, [<Xn|SP>]", "badlane", WRITES_MEMORY),
  ST1_SINGLE_POST(LOAD_STORE_SIMD, "0 Q 001101 1 0 0 Rm:5 scale:2 0 S size:2 Rn:5 Rt:5",
      "st1 <lane1>, [<Xn|SP>], <afterlane:1>", "badlane", WRITES_MEMORY),
  ST2_SINGLE(LOAD_STORE_SIMD, "0 Q 001101 0 0 1 00000 scale:2 0 S size:2 Rn:5 Rt:5",
      "st2 <lane2>, [<Xn|SP>]", "badlane", WRITES_MEMORY),
  ST2_SINGLE_POST(LOAD_STORE_SIMD, "0 Q 001101 1 0 1 Rm:5 scale:2 0 S size:2 Rn:5 Rt:5",
      "st2 <lane2>, [<Xn|SP>], <afterlane:2>", "badlane", WRITES_MEMORY),
  ST3_SINGLE(LOAD_STORE_SIMD, "0 Q 001101 0 0 0 00000 scale:2 1 S size:2 Rn:5 Rt:5",
      "st3 <lane3>, [<Xn|SP>]", "badlane", WRITES_MEMORY),
  ST3_SINGLE_POST(LOAD_STORE_SIMD, "0 Q 001101 1 0 0 Rm:5 scale:2 1 S size:2 Rn:5 Rt:5",
      "st3 <lane3>, [<Xn|SP>], <afterlane:3>", "badlane", WRITES_MEMORY),
  ST4_SINGLE(LOAD_STORE_SIMD, "0 Q 001101 0 0 1 00000 scale:2 1 S size:2 Rn:5 Rt:5",
      "st4 <lane4>, [<Xn|SP>]", "badlane", WRITES_MEMORY),
  ST4_SINGLE_POST(LOAD_STORE_SIMD, "0 Q 001101 1 0 1 Rm:5 scale:2 1 S size:2 Rn:5 Rt:5",
      "st4 <lane4>, [<Xn|SP>], <afterlane:4>", "badlane", WRITES_MEMORY),
  // Load one element to all lanes
  LD1R(LOAD_STORE_SIMD, "0 Q 001101 0 1 0 00000 110 0 size:2 Rn:5 Rt:5", "ld1r <list1:T>, [<Xn|SP>]", READS_MEMORY),
  LD1R_POST(LOAD_STORE_SIMD, "0 Q 001101 1 1 0 Rm:5 110 0 size:2 Rn:5 Rt:5",
      "ld1r <list1:T>, [<Xn|SP>], <afterall:1>", READS_MEMORY),
  LD2R(LOAD_STORE_SIMD, "0 Q 001101 0 1 1 00000 110 0 size:2 Rn:5 Rt:5", "ld2r <list2:T>, [<Xn|SP>]", READS_MEMORY),
  LD2R_POST(LOAD_STORE_SIMD, "0 Q 001101 1 1 1 Rm:5 110 0 size:2 Rn:5 Rt:5",
      "ld2r <list2:T>, [<Xn|SP>], <afterall:2>", READS_MEMORY),
  LD3R(LOAD_STORE_SIMD, "0 Q 001101 0 1 0 00000 111 0 size:2 Rn:5 Rt:5", "ld3r <list3:T>, [<Xn|SP>]", READS_MEMORY),
  LD3R_POST(LOAD_STORE_SIMD, "0 Q 001101 1 1 0 Rm:5 111 0 size:2 Rn:5 Rt:5",
      "ld3r <list3:T>, [<Xn|SP>], <afterall:3>", READS_MEMORY),
  LD4R(LOAD_STORE_SIMD, "0 Q 001101 0 1 1 00000 111 0 size:2 Rn:5 Rt:5", "ld4r <list4:T>, [<Xn|SP>]", READS_MEMORY),
  LD4R_POST(LOAD_STORE_SIMD, "0 Q 001101 1 1 1 Rm:5 111 0 size:2 Rn:5 Rt:5",
      "ld4r <list4:T>, [<Xn|SP>], <afterall:4>", READS_MEMORY),

  // Three registers of the same arrangement
  SHADD_VEC(ASIMD, "0 Q 0 01110 size:2 1 Rm:5 00000 1 Rn:5 Rd:5", "shadd <Vd:T>, <Vn:T>, <Vm:T>", "size=3"),
  SQADD_VEC(ASIMD, "0 Q 0 01110 size:2 1 Rm:5 00001 1 Rn:5 Rd:5", "sqadd <Vd:T>, <Vn:T>, <Vm:T>", "size=3 Q=0"),
  SRHADD_VEC(ASIMD, "0 Q 0 01110 size:2 1 Rm:5 00010 1 Rn:5 Rd:5", "srhadd <Vd:T>, <Vn:T>, <Vm:T>", "size=3"),
  AND_VEC(ASIMD, "0 Q 0 01110 00 1 Rm:5 00011 1 Rn:5 Rd:5", "and <Vd:B>, <Vn:B>, <Vm:B>"),
  BIC_VEC(ASIMD, "0 Q 0 01110 01 1 Rm:5 00011 1 Rn:5 Rd:5", "bic <Vd:B>, <Vn:B>, <Vm:B>"),
  ORR_VEC(ASIMD, "0 Q 0 01110 10 1 Rm:5 00011 1 Rn:5 Rd:5", "orr <Vd:B>, <Vn:B>, <Vm:B>"),
  ORN_VEC(ASIMD, "0 Q 0 01110 11 1 Rm:5 00011 1 Rn:5 Rd:5", "orn <Vd:B>, <Vn:B>, <Vm:B>"),
  SHSUB_VEC(ASIMD, "0 Q 0 01110 size:2 1 Rm:5 00100 1 Rn:5 Rd:5", "shsub <Vd:T>, <Vn:T>, <Vm:T>", "size=3"),
  SQSUB_VEC(ASIMD, "0 Q 0 01110 size:2 1 Rm:5 00101 1 Rn:5 Rd:5", "sqsub <Vd:T>, <Vn:T>, <Vm:T>", "size=3 Q=0"),
  CMGT_VEC(ASIMD, "0 Q 0 01110 size:2 1 Rm:5 00110 1 Rn:5 Rd:5", "cmgt <Vd:T>, <Vn:T>, <Vm:T>", "size=3 Q=0"),
  CMGE_VEC(ASIMD, "0 Q 0 01110 size:2 1 Rm:5 00111 1 Rn:5 Rd:5", "cmge <Vd:T>, <Vn:T>, <Vm:T>", "size=3 Q=0"),
  SSHL_VEC(ASIMD, "0 Q 0 01110 size:2 1 Rm:5 01000 1 Rn:5 Rd:5", "sshl <Vd:T>, <Vn:T>, <Vm:T>", "size=3 Q=0"),
  SQSHL_VEC(ASIMD, "0 Q 0 01110 size:2 1 Rm:5 01001 1 Rn:5 Rd:5", "sqshl <Vd:T>, <Vn:T>, <Vm:T>", "size=3 Q=0"),
  SRSHL_VEC(ASIMD, "0 Q 0 01110 size:2 1 Rm:5 01010 1 Rn:5 Rd:5", "srshl <Vd:T>, <Vn:T>, <Vm:T>", "size=3 Q=0"),
  SQRSHL_VEC(ASIMD, "0 Q 0 01110 size:2 1 Rm:5 01011 1 Rn:5 Rd:5", "sqrshl <Vd:T>, <Vn:T>, <Vm:T>", "size=3 Q=0"),
  SMAX_VEC(ASIMD, "0 Q 0 01110 size:2 1 Rm:5 01100 1 Rn:5 Rd:5", "smax <Vd:T>, <Vn:T>, <Vm:T>", "size=3"),
  SMIN_VEC(ASIMD, "0 Q 0 01110 size:2 1 Rm:5 01101 1 Rn:5 Rd:5", "smin <Vd:T>, <Vn:T>, <Vm:T>", "size=3"),
  SABD_VEC(ASIMD, "0 Q 0 01110 size:2 1 Rm:5 01110 1 Rn:5 Rd:5", "sabd <Vd:T>, <Vn:T>, <Vm:T>", "size=3"),
  SABA_VEC(ASIMD, "0 Q 0 01110 size:2 1 Rm:5 01111 1 Rn:5 Rd:5", "saba <Vd:T>, <Vn:T>, <Vm:T>", "size=3"),
  ADD_VEC(ASIMD, "0 Q 0 01110 size:2 1 Rm:5 10000 1 Rn:5 Rd:5", "add <Vd:T>, <Vn:T>, <Vm:T>", "size=3 Q=0"),
  CMTST_VEC(ASIMD, "0 Q 0 01110 size:2 1 Rm:5 10001 1 Rn:5 Rd:5", "cmtst <Vd:T>, <Vn:T>, <Vm:T>", "size=3 Q=0"),
  MLA_VEC(ASIMD, "0 Q 0 01110 size:2 1 Rm:5 10010 1 Rn:5 Rd:5", "mla <Vd:T>, <Vn:T>, <Vm:T>", "size=3"),
  MUL_VEC(ASIMD, "0 Q 0 01110 size:2 1 Rm:5 10011 1 Rn:5 Rd:5", "mul <Vd:T>, <Vn:T>, <Vm:T>", "size=3"),
  SMAXP_VEC(ASIMD, "0 Q 0 01110 size:2 1 Rm:5 10100 1 Rn:5 Rd:5", "smaxp <Vd:T>, <Vn:T>, <Vm:T>", "size=3"),
  SMINP_VEC(ASIMD, "0 Q 0 01110 size:2 1 Rm:5 10101 1 Rn:5 Rd:5", "sminp <Vd:T>, <Vn:T>, <Vm:T>", "size=3"),
  SQDMULH_VEC(ASIMD, "0 Q 0 01110 size:2 1 Rm:5 10110 1 Rn:5 Rd:5", "sqdmulh <Vd:T>, <Vn:T>, <Vm:T>", "size=0; size=3"),
  ADDP_VEC(ASIMD, "0 Q 0 01110 size:2 1 Rm:5 10111 1 Rn:5 Rd:5", "addp <Vd:T>, <Vn:T>, <Vm:T>", "size=3 Q=0"),
  UHADD_VEC(ASIMD, "0 Q 1 01110 size:2 1 Rm:5 00000 1 Rn:5 Rd:5", "uhadd <Vd:T>, <Vn:T>, <Vm:T>", "size=3"),
  UQADD_VEC(ASIMD, "0 Q 1 01110 size:2 1 Rm:5 00001 1 Rn:5 Rd:5", "uqadd <Vd:T>, <Vn:T>, <Vm:T>", "size=3 Q=0"),
  URHADD_VEC(ASIMD, "0 Q 1 01110 size:2 1 Rm:5 00010 1 Rn:5 Rd:5", "urhadd <Vd:T>, <Vn:T>, <Vm:T>", "size=3"),
  EOR_VEC(ASIMD, "0 Q 1 01110 00 1 Rm:5 00011 1 Rn:5 Rd:5", "eor <Vd:B>, <Vn:B>, <Vm:B>"),
  BSL_VEC(ASIMD, "0 Q 1 01110 01 1 Rm:5 00011 1 Rn:5 Rd:5", "bsl <Vd:B>, <Vn:B>, <Vm:B>"),
  BIT_VEC(ASIMD, "0 Q 1 01110 10 1 Rm:5 00011 1 Rn:5 Rd:5", "bit <Vd:B>, <Vn:B>, <Vm:B>"),
  BIF_VEC(ASIMD, "0 Q 1 01110 11 1 Rm:5 00011 1 Rn:5 Rd:5", "bif <Vd:B>, <Vn:B>, <Vm:B>"),
  UHSUB_VEC(ASIMD, "0 Q 1 01110 size:2 1 Rm:5 00100 1 Rn:5 Rd:5", "uhsub <Vd:T>, <Vn:T>, <Vm:T>", "size=3"),
  UQSUB_VEC(ASIMD, "0 Q 1 01110 size:2 1 Rm:5 00101 1 Rn:5 Rd:5", "uqsub <Vd:T>, <Vn:T>, <Vm:T>", "size=3 Q=0"),
  CMHI_VEC(ASIMD, "0 Q 1 01110 size:2 1 Rm:5 00110 1 Rn:5 Rd:5", "cmhi <Vd:T>, <Vn:T>, <Vm:T>", "size=3 Q=0"),
  CMHS_VEC(ASIMD, "0 Q 1 01110 size:2 1 Rm:5 00111 1 Rn:5 Rd:5", "cmhs <Vd:T>, <Vn:T>, <Vm:T>", "size=3 Q=0"),
  USHL_VEC(ASIMD, "0 Q 1 01110 size:2 1 Rm:5 01000 1 Rn:5 Rd:5", "ushl <Vd:T>, <Vn:T>, <Vm:T>", "size=3 Q=0"),
  UQSHL_VEC(ASIMD, "0 Q 1 01110 size:2 1 Rm:5 01001 1 Rn:5 Rd:5", "uqshl <Vd:T>, <Vn:T>, <Vm:T>", "size=3 Q=0"),
  URSHL_VEC(ASIMD, "0 Q 1 01110 size:2 1 Rm:5 01010 1 Rn:5 Rd:5", "urshl <Vd:T>, <Vn:T>, <Vm:T>", "size=3 Q=0"),
  UQRSHL_VEC(ASIMD, "0 Q 1 01110 size:2 1 Rm:5 01011 1 Rn:5 Rd:5", "uqrshl <Vd:T>, <Vn:T>, <Vm:T>", "size=3 Q=0"),
  UMAX_VEC(ASIMD, "0 Q 1 01110 size:2 1 Rm:5 01100 1 Rn:5 Rd:5", "umax <Vd:T>, <Vn:T>, <Vm:T>", "size=3"),
  UMIN_VEC(ASIMD, "0 Q 1 01110 size:2 1 Rm:5 01101 1 Rn:5 Rd:5", "umin <Vd:T>, <Vn:T>, <Vm:T>", "size=3"),
  UABD_VEC(ASIMD, "0 Q 1 01110 size:2 1 Rm:5 01110 1 Rn:5 Rd:5", "uabd <Vd:T>, <Vn:T>, <Vm:T>", "size=3"),
  UABA_VEC(ASIMD, "0 Q 1 01110 size:2 1 Rm:5 01111 1 Rn:5 Rd:5", "uaba <Vd:T>, <Vn:T>, <Vm:T>", "size=3"),
  SUB_VEC(ASIMD, "0 Q 1 01110 size:2 1 Rm:5 10000 1 Rn:5 Rd:5", "sub <Vd:T>, <Vn:T>, <Vm:T>", "size=3 Q=0"),
  CMEQ_VEC(ASIMD, "0 Q 1 01110 size:2 1 Rm:5 10001 1 Rn:5 Rd:5", "cmeq <Vd:T>, <Vn:T>, <Vm:T>", "size=3 Q=0"),
  MLS_VEC(ASIMD, "0 Q 1 01110 size:2 1 Rm:5 10010 1 Rn:5 Rd:5", "mls <Vd:T>, <Vn:T>, <Vm:T>", "size=3"),
  PMUL_VEC(ASIMD, "0 Q 1 01110 size:2 1 Rm:5 10011 1 Rn:5 Rd:5", "pmul <Vd:T>, <Vn:T>, <Vm:T>", "size!=0"),
  UMAXP_VEC(ASIMD, "0 Q 1 01110 size:2 1 Rm:5 10100 1 Rn:5 Rd:5", "umaxp <Vd:T>, <Vn:T>, <Vm:T>", "size=3"),
  UMINP_VEC(ASIMD, "0 Q 1 01110 size:2 1 Rm:5 10101 1 Rn:5 Rd:5", "uminp <Vd:T>, <Vn:T>, <Vm:T>", "size=3"),
  SQRDMULH_VEC(ASIMD, "0 Q 1 01110 size:2 1 Rm:5 10110 1 Rn:5 Rd:5", "sqrdmulh <Vd:T>, <Vn:T>, <Vm:T>", "size=0; size=3"),
  // Three registers of the same arrangement, floating point
  FMAXNM_VEC(ASIMD, "0 Q 0 01110 0 sz 1 Rm:5 11000 1 Rn:5 Rd:5", "fmaxnm <Vd:F>, <Vn:F>, <Vm:F>", "sz=1 Q=0"),
  FMINNM_VEC(ASIMD, "0 Q 0 01110 1 sz 1 Rm:5 11000 1 Rn:5 Rd:5", "fminnm <Vd:F>, <Vn:F>, <Vm:F>", "sz=1 Q=0"),
  FMLA_VEC(ASIMD, "0 Q 0 01110 0 sz 1 Rm:5 11001 1 Rn:5 Rd:5", "fmla <Vd:F>, <Vn:F>, <Vm:F>", "sz=1 Q=0"),
  FMLS_VEC(ASIMD, "0 Q 0 01110 1 sz 1 Rm:5 11001 1 Rn:5 Rd:5", "fmls <Vd:F>, <Vn:F>, <Vm:F>", "sz=1 Q=0"),
  FADD_VEC(ASIMD, "0 Q 0 01110 0 sz 1 Rm:5 11010 1 Rn:5 Rd:5", "fadd <Vd:F>, <Vn:F>, <Vm:F>", "sz=1 Q=0"),
  FSUB_VEC(ASIMD, "0 Q 0 01110 1 sz 1 Rm:5 11010 1 Rn:5 Rd:5", "fsub <Vd:F>, <Vn:F>, <Vm:F>", "sz=1 Q=0"),
  FMULX_VEC(ASIMD, "0 Q 0 01110 0 sz 1 Rm:5 11011 1 Rn:5 Rd:5", "fmulx <Vd:F>, <Vn:F>, <Vm:F>", "sz=1 Q=0"),
  FCMEQ_VEC(ASIMD, "0 Q 0 01110 0 sz 1 Rm:5 11100 1 Rn:5 Rd:5", "fcmeq <Vd:F>, <Vn:F>, <Vm:F>", "sz=1 Q=0"),
  FMAX_VEC(ASIMD, "0 Q 0 01110 0 sz 1 Rm:5 11110 1 Rn:5 Rd:5", "fmax <Vd:F>, <Vn:F>, <Vm:F>", "sz=1 Q=0"),
  FMIN_VEC(ASIMD, "0 Q 0 01110 1 sz 1 Rm:5 11110 1 Rn:5 Rd:5", "fmin <Vd:F>, <Vn:F>, <Vm:F>", "sz=1 Q=0"),
  FRECPS_VEC(ASIMD, "0 Q 0 01110 0 sz 1 Rm:5 11111 1 Rn:5 Rd:5", "frecps <Vd:F>, <Vn:F>, <Vm:F>", "sz=1 Q=0"),
  FRSQRTS_VEC(ASIMD, "0 Q 0 01110 1 sz 1 Rm:5 11111 1 Rn:5 Rd:5", "frsqrts <Vd:F>, <Vn:F>, <Vm:F>", "sz=1 Q=0"),
  FMAXNMP_VEC(ASIMD, "0 Q 1 01110 0 sz 1 Rm:5 11000 1 Rn:5 Rd:5", "fmaxnmp <Vd:F>, <Vn:F>, <Vm:F>", "sz=1 Q=0"),
  FMINNMP_VEC(ASIMD, "0 Q 1 01110 1 sz 1 Rm:5 11000 1 Rn:5 Rd:5", "fminnmp <Vd:F>, <Vn:F>, <Vm:F>", "sz=1 Q=0"),
  FADDP_VEC(ASIMD, "0 Q 1 01110 0 sz 1 Rm:5 11010 1 Rn:5 Rd:5", "faddp <Vd:F>, <Vn:F>, <Vm:F>", "sz=1 Q=0"),
  FABD_VEC(ASIMD, "0 Q 1 01110 1 sz 1 Rm:5 11010 1 Rn:5 Rd:5", "fabd <Vd:F>, <Vn:F>, <Vm:F>", "sz=1 Q=0"),
  FMUL_VEC(ASIMD, "0 Q 1 01110 0 sz 1 Rm:5 11011 1 Rn:5 Rd:5", "fmul <Vd:F>, <Vn:F>, <Vm:F>", "sz=1 Q=0"),
  FCMGE_VEC(ASIMD, "0 Q 1 01110 0 sz 1 Rm:5 11100 1 Rn:5 Rd:5", "fcmge <Vd:F>, <Vn:F>, <Vm:F>", "sz=1 Q=0"),
  FCMGT_VEC(ASIMD, "0 Q 1 01110 1 sz 1 Rm:5 11100 1 Rn:5 Rd:5", "fcmgt <Vd:F>, <Vn:F>, <Vm:F>", "sz=1 Q=0"),
  FACGE_VEC(ASIMD, "0 Q 1 01110 0 sz 1 Rm:5 11101 1 Rn:5 Rd:5", "facge <Vd:F>, <Vn:F>, <Vm:F>", "sz=1 Q=0"),
  FACGT_VEC(ASIMD, "0 Q 1 01110 1 sz 1 Rm:5 11101 1 Rn:5 Rd:5", "facgt <Vd:F>, <Vn:F>, <Vm:F>", "sz=1 Q=0"),
  FMAXP_VEC(ASIMD, "0 Q 1 01110 0 sz 1 Rm:5 11110 1 Rn:5 Rd:5", "fmaxp <Vd:F>, <Vn:F>, <Vm:F>", "sz=1 Q=0"),
  FMINP_VEC(ASIMD, "0 Q 1 01110 1 sz 1 Rm:5 11110 1 Rn:5 Rd:5", "fminp <Vd:F>, <Vn:F>, <Vm:F>", "sz=1 Q=0"),
  FDIV_VEC(ASIMD, "0 Q 1 01110 0 sz 1 Rm:5 11111 1 Rn:5 Rd:5", "fdiv <Vd:F>, <Vn:F>, <Vm:F>", "sz=1 Q=0"),
  // Three scalars
  SQADD_SCALAR(ASIMD_SCALAR, "01 0 11110 size:2 1 Rm:5 00001 1 Rn:5 Rd:5",
      "sqadd <Vd:size=bhsd>, <Vn:size=bhsd>, <Vm:size=bhsd>"),
  SQSUB_SCALAR(ASIMD_SCALAR, "01 0 11110 size:2 1 Rm:5 00101 1 Rn:5 Rd:5",
      "sqsub <Vd:size=bhsd>, <Vn:size=bhsd>, <Vm:size=bhsd>"),
  CMGT_SCALAR(ASIMD_SCALAR, "01 0 11110 11 1 Rm:5 00110 1 Rn:5 Rd:5", "cmgt <Dd>, <Dn>, <Dm>"),
  CMGE_SCALAR(ASIMD_SCALAR, "01 0 11110 11 1 Rm:5 00111 1 Rn:5 Rd:5", "cmge <Dd>, <Dn>, <Dm>"),
  SSHL_SCALAR(ASIMD_SCALAR, "01 0 11110 11 1 Rm:5 01000 1 Rn:5 Rd:5", "sshl <Dd>, <Dn>, <Dm>"),
  SQSHL_SCALAR(ASIMD_SCALAR, "01 0 11110 size:2 1 Rm:5 01001 1 Rn:5 Rd:5",
      "sqshl <Vd:size=bhsd>, <Vn:size=bhsd>, <Vm:size=bhsd>"),
  SRSHL_SCALAR(ASIMD_SCALAR, "01 0 11110 11 1 Rm:5 01010 1 Rn:5 Rd:5", "srshl <Dd>, <Dn>, <Dm>"),
  SQRSHL_SCALAR(ASIMD_SCALAR, "01 0 11110 size:2 1 Rm:5 01011 1 Rn:5 Rd:5",
      "sqrshl <Vd:size=bhsd>, <Vn:size=bhsd>, <Vm:size=bhsd>"),
  ADD_SCALAR(ASIMD_SCALAR, "01 0 11110 11 1 Rm:5 10000 1 Rn:5 Rd:5", "add <Dd>, <Dn>, <Dm>"),
  CMTST_SCALAR(ASIMD_SCALAR, "01 0 11110 11 1 Rm:5 10001 1 Rn:5 Rd:5", "cmtst <Dd>, <Dn>, <Dm>"),
  SQDMULH_SCALAR(ASIMD_SCALAR, "01 0 11110 size:2 1 Rm:5 10110 1 Rn:5 Rd:5",
      "sqdmulh <Vd:size=bhsd>, <Vn:size=bhsd>, <Vm:size=bhsd>", "size=0; size=3"),
  UQADD_SCALAR(ASIMD_SCALAR, "01 1 11110 size:2 1 Rm:5 00001 1 Rn:5 Rd:5",
      "uqadd <Vd:size=bhsd>, <Vn:size=bhsd>, <Vm:size=bhsd>"),
  UQSUB_SCALAR(ASIMD_SCALAR, "01 1 11110 size:2 1 Rm:5 00101 1 Rn:5 Rd:5",
      "uqsub <Vd:size=bhsd>, <Vn:size=bhsd>, <Vm:size=bhsd>"),
  CMHI_SCALAR(ASIMD_SCALAR, "01 1 11110 11 1 Rm:5 00110 1 Rn:5 Rd:5", "cmhi <Dd>, <Dn>, <Dm>"),
  CMHS_SCALAR(ASIMD_SCALAR, "01 1 11110 11 1 Rm:5 00111 1 Rn:5 Rd:5", "cmhs <Dd>, <Dn>, <Dm>"),
  USHL_SCALAR(ASIMD_SCALAR, "01 1 11110 11 1 Rm:5 01000 1 Rn:5 Rd:5", "ushl <Dd>, <Dn>, <Dm>"),
  UQSHL_SCALAR(ASIMD_SCALAR, "01 1 11110 size:2 1 Rm:5 01001 1 Rn:5 Rd:5",
      "uqshl <Vd:size=bhsd>, <Vn:size=bhsd>, <Vm:size=bhsd>"),
  URSHL_SCALAR(ASIMD_SCALAR, "01 1 11110 11 1 Rm:5 01010 1 Rn:5 Rd:5", "urshl <Dd>, <Dn>, <Dm>"),
  UQRSHL_SCALAR(ASIMD_SCALAR, "01 1 11110 size:2 1 Rm:5 01011 1 Rn:5 Rd:5",
      "uqrshl <Vd:size=bhsd>, <Vn:size=bhsd>, <Vm:size=bhsd>"),
  SUB_SCALAR(ASIMD_SCALAR, "01 1 11110 11 1 Rm:5 10000 1 Rn:5 Rd:5", "sub <Dd>, <Dn>, <Dm>"),
  CMEQ_SCALAR(ASIMD_SCALAR, "01 1 11110 11 1 Rm:5 10001 1 Rn:5 Rd:5", "cmeq <Dd>, <Dn>, <Dm>"),
  SQRDMULH_SCALAR(ASIMD_SCALAR, "01 1 11110 size:2 1 Rm:5 10110 1 Rn:5 Rd:5",
      "sqrdmulh <Vd:size=bhsd>, <Vn:size=bhsd>, <Vm:size=bhsd>", "size=0; size=3"),
  FMULX_SCALAR(ASIMD_SCALAR, "01 0 11110 0 sz 1 Rm:5 11011 1 Rn:5 Rd:5", "fmulx <Vd:sz=sd>, <Vn:sz=sd>, <Vm:sz=sd>"),
  FCMEQ_SCALAR(ASIMD_SCALAR, "01 0 11110 0 sz 1 Rm:5 11100 1 Rn:5 Rd:5", "fcmeq <Vd:sz=sd>, <Vn:sz=sd>, <Vm:sz=sd>"),
  FRECPS_SCALAR(ASIMD_SCALAR, "01 0 11110 0 sz 1 Rm:5 11111 1 Rn:5 Rd:5", "frecps <Vd:sz=sd>, <Vn:sz=sd>, <Vm:sz=sd>"),
  FRSQRTS_SCALAR(ASIMD_SCALAR, "01 0 11110 1 sz 1 Rm:5 11111 1 Rn:5 Rd:5", "frsqrts <Vd:sz=sd>, <Vn:sz=sd>, <Vm:sz=sd>"),
  FABD_SCALAR(ASIMD_SCALAR, "01 1 11110 1 sz 1 Rm:5 11010 1 Rn:5 Rd:5", "fabd <Vd:sz=sd>, <Vn:sz=sd>, <Vm:sz=sd>"),
  FCMGE_SCALAR(ASIMD_SCALAR, "01 1 11110 0 sz 1 Rm:5 11100 1 Rn:5 Rd:5", "fcmge <Vd:sz=sd>, <Vn:sz=sd>, <Vm:sz=sd>"),
  FCMGT_SCALAR(ASIMD_SCALAR, "01 1 11110 1 sz 1 Rm:5 11100 1 Rn:5 Rd:5", "fcmgt <Vd:sz=sd>, <Vn:sz=sd>, <Vm:sz=sd>"),
  FACGE_SCALAR(ASIMD_SCALAR, "01 1 11110 0 sz 1 Rm:5 11101 1 Rn:5 Rd:5", "facge <Vd:sz=sd>, <Vn:sz=sd>, <Vm:sz=sd>"),
  FACGT_SCALAR(ASIMD_SCALAR, "01 1 11110 1 sz 1 Rm:5 11101 1 Rn:5 Rd:5", "facgt <Vd:sz=sd>, <Vn:sz=sd>, <Vm:sz=sd>"),
  // Three registers of different arrangements: long, wide, narrow; the upper half of the narrow one when Q is set
  SADDL(ASIMD, "0 Q 0 01110 size:2 1 Rm:5 0000 00 Rn:5 Rd:5", "saddl<Q=,2> <Vd:W>, <Vn:T>, <Vm:T>", "size=3"),
  SADDW(ASIMD, "0 Q 0 01110 size:2 1 Rm:5 0001 00 Rn:5 Rd:5", "saddw<Q=,2> <Vd:W>, <Vn:W>, <Vm:T>", "size=3"),
  SSUBL(ASIMD, "0 Q 0 01110 size:2 1 Rm:5 0010 00 Rn:5 Rd:5", "ssubl<Q=,2> <Vd:W>, <Vn:T>, <Vm:T>", "size=3"),
  SSUBW(ASIMD, "0 Q 0 01110 size:2 1 Rm:5 0011 00 Rn:5 Rd:5", "ssubw<Q=,2> <Vd:W>, <Vn:W>, <Vm:T>", "size=3"),
  ADDHN(ASIMD, "0 Q 0 01110 size:2 1 Rm:5 0100 00 Rn:5 Rd:5", "addhn<Q=,2> <Vd:T>, <Vn:W>, <Vm:W>", "size=3"),
  SABAL(ASIMD, "0 Q 0 01110 size:2 1 Rm:5 0101 00 Rn:5 Rd:5", "sabal<Q=,2> <Vd:W>, <Vn:T>, <Vm:T>", "size=3"),
  SUBHN(ASIMD, "0 Q 0 01110 size:2 1 Rm:5 0110 00 Rn:5 Rd:5", "subhn<Q=,2> <Vd:T>, <Vn:W>, <Vm:W>", "size=3"),
  SABDL(ASIMD, "0 Q 0 01110 size:2 1 Rm:5 0111 00 Rn:5 Rd:5", "sabdl<Q=,2> <Vd:W>, <Vn:T>, <Vm:T>", "size=3"),
  SMLAL_VEC(ASIMD, "0 Q 0 01110 size:2 1 Rm:5 1000 00 Rn:5 Rd:5", "smlal<Q=,2> <Vd:W>, <Vn:T>, <Vm:T>", "size=3"),
  SMLSL_VEC(ASIMD, "0 Q 0 01110 size:2 1 Rm:5 1010 00 Rn:5 Rd:5", "smlsl<Q=,2> <Vd:W>, <Vn:T>, <Vm:T>", "size=3"),
  SMULL_VEC(ASIMD, "0 Q 0 01110 size:2 1 Rm:5 1100 00 Rn:5 Rd:5", "smull<Q=,2> <Vd:W>, <Vn:T>, <Vm:T>", "size=3"),
  SQDMLAL_VEC(ASIMD, "0 Q 0 01110 size:2 1 Rm:5 1001 00 Rn:5 Rd:5",
      "sqdmlal<Q=,2> <Vd:W>, <Vn:T>, <Vm:T>", "size=0; size=3"),
  SQDMLSL_VEC(ASIMD, "0 Q 0 01110 size:2 1 Rm:5 1011 00 Rn:5 Rd:5",
      "sqdmlsl<Q=,2> <Vd:W>, <Vn:T>, <Vm:T>", "size=0; size=3"),
  SQDMULL_VEC(ASIMD, "0 Q 0 01110 size:2 1 Rm:5 1101 00 Rn:5 Rd:5",
      "sqdmull<Q=,2> <Vd:W>, <Vn:T>, <Vm:T>", "size=0; size=3"),
  UADDL(ASIMD, "0 Q 1 01110 size:2 1 Rm:5 0000 00 Rn:5 Rd:5", "uaddl<Q=,2> <Vd:W>, <Vn:T>, <Vm:T>", "size=3"),
  UADDW(ASIMD, "0 Q 1 01110 size:2 1 Rm:5 0001 00 Rn:5 Rd:5", "uaddw<Q=,2> <Vd:W>, <Vn:W>, <Vm:T>", "size=3"),
  USUBL(ASIMD, "0 Q 1 01110 size:2 1 Rm:5 0010 00 Rn:5 Rd:5", "usubl<Q=,2> <Vd:W>, <Vn:T>, <Vm:T>", "size=3"),
  USUBW(ASIMD, "0 Q 1 01110 size:2 1 Rm:5 0011 00 Rn:5 Rd:5", "usubw<Q=,2> <Vd:W>, <Vn:W>, <Vm:T>", "size=3"),
  RADDHN(ASIMD, "0 Q 1 01110 size:2 1 Rm:5 0100 00 Rn:5 Rd:5", "raddhn<Q=,2> <Vd:T>, <Vn:W>, <Vm:W>", "size=3"),
  UABAL(ASIMD, "0 Q 1 01110 size:2 1 Rm:5 0101 00 Rn:5 Rd:5", "uabal<Q=,2> <Vd:W>, <Vn:T>, <Vm:T>", "size=3"),
  RSUBHN(ASIMD, "0 Q 1 01110 size:2 1 Rm:5 0110 00 Rn:5 Rd:5", "rsubhn<Q=,2> <Vd:T>, <Vn:W>, <Vm:W>", "size=3"),
  UABDL(ASIMD, "0 Q 1 01110 size:2 1 Rm:5 0111 00 Rn:5 Rd:5", "uabdl<Q=,2> <Vd:W>, <Vn:T>, <Vm:T>", "size=3"),
  UMLAL_VEC(ASIMD, "0 Q 1 01110 size:2 1 Rm:5 1000 00 Rn:5 Rd:5", "umlal<Q=,2> <Vd:W>, <Vn:T>, <Vm:T>", "size=3"),
  UMLSL_VEC(ASIMD, "0 Q 1 01110 size:2 1 Rm:5 1010 00 Rn:5 Rd:5", "umlsl<Q=,2> <Vd:W>, <Vn:T>, <Vm:T>", "size=3"),
  UMULL_VEC(ASIMD, "0 Q 1 01110 size:2 1 Rm:5 1100 00 Rn:5 Rd:5", "umull<Q=,2> <Vd:W>, <Vn:T>, <Vm:T>", "size=3"),
  PMULL_P8(ASIMD, "0 Q 0 01110 00 1 Rm:5 1110 00 Rn:5 Rd:5", "pmull<Q=,2> <Vd:8h>, <Vn:B>, <Vm:B>"),
  PMULL_P64(CRYPTO, PMULL, "0 Q 0 01110 11 1 Rm:5 1110 00 Rn:5 Rd:5",
      "pmull<Q=,2> <Vd:1q>, <Vn:Q=1d,2d>, <Vm:Q=1d,2d>", null),
  SQDMLAL_SCALAR(ASIMD_SCALAR, "01 0 11110 size:2 1 Rm:5 1001 00 Rn:5 Rd:5",
      "sqdmlal <Vd:size=-sd->, <Vn:size=-hs->, <Vm:size=-hs->", "size=0; size=3"),
  SQDMLSL_SCALAR(ASIMD_SCALAR, "01 0 11110 size:2 1 Rm:5 1011 00 Rn:5 Rd:5",
      "sqdmlsl <Vd:size=-sd->, <Vn:size=-hs->, <Vm:size=-hs->", "size=0; size=3"),
  SQDMULL_SCALAR(ASIMD_SCALAR, "01 0 11110 size:2 1 Rm:5 1101 00 Rn:5 Rd:5",
      "sqdmull <Vd:size=-sd->, <Vn:size=-hs->, <Vm:size=-hs->", "size=0; size=3"),
  // Two registers
  REV64_VEC(ASIMD, "0 Q 0 01110 size:2 10000 00000 10 Rn:5 Rd:5", "rev64 <Vd:T>, <Vn:T>", "size=3"),
  REV16_VEC(ASIMD, "0 Q 0 01110 size:2 10000 00001 10 Rn:5 Rd:5", "rev16 <Vd:T>, <Vn:T>", "size!=0"),
  REV32_VEC(ASIMD, "0 Q 1 01110 size:2 10000 00000 10 Rn:5 Rd:5", "rev32 <Vd:T>, <Vn:T>", "size>=2"),
  CLS_VEC(ASIMD, "0 Q 0 01110 size:2 10000 00100 10 Rn:5 Rd:5", "cls <Vd:T>, <Vn:T>", "size=3"),
  CLZ_VEC(ASIMD, "0 Q 1 01110 size:2 10000 00100 10 Rn:5 Rd:5", "clz <Vd:T>, <Vn:T>", "size=3"),
  CNT(ASIMD, "0 Q 0 01110 size:2 10000 00101 10 Rn:5 Rd:5", "cnt <Vd:T>, <Vn:T>", "size!=0"),
  NOT(ASIMD, "0 Q 1 01110 00 10000 00101 10 Rn:5 Rd:5", "not <Vd:B>, <Vn:B>"),
  RBIT_VEC(ASIMD, "0 Q 1 01110 01 10000 00101 10 Rn:5 Rd:5", "rbit <Vd:B>, <Vn:B>"),
  SADDLP(ASIMD, "0 Q 0 01110 size:2 10000 00010 10 Rn:5 Rd:5", "saddlp <Vd:size.Q=4h,8h,2s,4s,1d,2d>, <Vn:T>", "size=3"),
  UADDLP(ASIMD, "0 Q 1 01110 size:2 10000 00010 10 Rn:5 Rd:5", "uaddlp <Vd:size.Q=4h,8h,2s,4s,1d,2d>, <Vn:T>", "size=3"),
  SADALP(ASIMD, "0 Q 0 01110 size:2 10000 00110 10 Rn:5 Rd:5", "sadalp <Vd:size.Q=4h,8h,2s,4s,1d,2d>, <Vn:T>", "size=3"),
  UADALP(ASIMD, "0 Q 1 01110 size:2 10000 00110 10 Rn:5 Rd:5", "uadalp <Vd:size.Q=4h,8h,2s,4s,1d,2d>, <Vn:T>", "size=3"),
  SUQADD_VEC(ASIMD, "0 Q 0 01110 size:2 10000 00011 10 Rn:5 Rd:5", "suqadd <Vd:T>, <Vn:T>", "size=3 Q=0"),
  USQADD_VEC(ASIMD, "0 Q 1 01110 size:2 10000 00011 10 Rn:5 Rd:5", "usqadd <Vd:T>, <Vn:T>", "size=3 Q=0"),
  SQABS_VEC(ASIMD, "0 Q 0 01110 size:2 10000 00111 10 Rn:5 Rd:5", "sqabs <Vd:T>, <Vn:T>", "size=3 Q=0"),
  SQNEG_VEC(ASIMD, "0 Q 1 01110 size:2 10000 00111 10 Rn:5 Rd:5", "sqneg <Vd:T>, <Vn:T>", "size=3 Q=0"),
  ABS_VEC(ASIMD, "0 Q 0 01110 size:2 10000 01011 10 Rn:5 Rd:5", "abs <Vd:T>, <Vn:T>", "size=3 Q=0"),
  NEG_VEC(ASIMD, "0 Q 1 01110 size:2 10000 01011 10 Rn:5 Rd:5", "neg <Vd:T>, <Vn:T>", "size=3 Q=0"),
  CMGT_ZERO_VEC(ASIMD, "0 Q 0 01110 size:2 10000 01000 10 Rn:5 Rd:5", "cmgt <Vd:T>, <Vn:T>, #0", "size=3 Q=0"),
  CMEQ_ZERO_VEC(ASIMD, "0 Q 0 01110 size:2 10000 01001 10 Rn:5 Rd:5", "cmeq <Vd:T>, <Vn:T>, #0", "size=3 Q=0"),
  CMLT_ZERO_VEC(ASIMD, "0 Q 0 01110 size:2 10000 01010 10 Rn:5 Rd:5", "cmlt <Vd:T>, <Vn:T>, #0", "size=3 Q=0"),
  CMGE_ZERO_VEC(ASIMD, "0 Q 1 01110 size:2 10000 01000 10 Rn:5 Rd:5", "cmge <Vd:T>, <Vn:T>, #0", "size=3 Q=0"),
  CMLE_ZERO_VEC(ASIMD, "0 Q 1 01110 size:2 10000 01001 10 Rn:5 Rd:5", "cmle <Vd:T>, <Vn:T>, #0", "size=3 Q=0"),
  XTN(ASIMD, "0 Q 0 01110 size:2 10000 10010 10 Rn:5 Rd:5", "xtn<Q=,2> <Vd:T>, <Vn:W>", "size=3"),
  SQXTN_VEC(ASIMD, "0 Q 0 01110 size:2 10000 10100 10 Rn:5 Rd:5", "sqxtn<Q=,2> <Vd:T>, <Vn:W>", "size=3"),
  SQXTUN_VEC(ASIMD, "0 Q 1 01110 size:2 10000 10010 10 Rn:5 Rd:5", "sqxtun<Q=,2> <Vd:T>, <Vn:W>", "size=3"),
  UQXTN_VEC(ASIMD, "0 Q 1 01110 size:2 10000 10100 10 Rn:5 Rd:5", "uqxtn<Q=,2> <Vd:T>, <Vn:W>", "size=3"),
  SHLL(ASIMD, "0 Q 1 01110 size:2 10000 10011 10 Rn:5 Rd:5", "shll<Q=,2> <Vd:W>, <Vn:T>, <size=#8,#16,#32,->", "size=3"),
  // Two registers, floating point
  FCVTN(ASIMD, "0 Q 0 01110 0 sz 10000 10110 10 Rn:5 Rd:5", "fcvtn<Q=,2> <Vd:sz.Q=4h,8h,2s,4s>, <Vn:sz=4s,2d>"),
  FCVTL(ASIMD, "0 Q 0 01110 0 sz 10000 10111 10 Rn:5 Rd:5", "fcvtl<Q=,2> <Vd:sz=4s,2d>, <Vn:sz.Q=4h,8h,2s,4s>"),
  FCVTXN_VEC(ASIMD, "0 Q 1 01110 01 10000 10110 10 Rn:5 Rd:5", "fcvtxn<Q=,2> <Vd:Q=2s,4s>, <Vn:2d>"),
  FRINTN_VEC(ASIMD, "0 Q 0 01110 0 sz 10000 11000 10 Rn:5 Rd:5", "frintn <Vd:F>, <Vn:F>", "sz=1 Q=0"),
  FRINTM_VEC(ASIMD, "0 Q 0 01110 0 sz 10000 11001 10 Rn:5 Rd:5", "frintm <Vd:F>, <Vn:F>", "sz=1 Q=0"),
  FRINTP_VEC(ASIMD, "0 Q 0 01110 1 sz 10000 11000 10 Rn:5 Rd:5", "frintp <Vd:F>, <Vn:F>", "sz=1 Q=0"),
  FRINTZ_VEC(ASIMD, "0 Q 0 01110 1 sz 10000 11001 10 Rn:5 Rd:5", "frintz <Vd:F>, <Vn:F>", "sz=1 Q=0"),
  FRINTA_VEC(ASIMD, "0 Q 1 01110 0 sz 10000 11000 10 Rn:5 Rd:5", "frinta <Vd:F>, <Vn:F>", "sz=1 Q=0"),
  FRINTX_VEC(ASIMD, "0 Q 1 01110 0 sz 10000 11001 10 Rn:5 Rd:5", "frintx <Vd:F>, <Vn:F>", "sz=1 Q=0"),
  FRINTI_VEC(ASIMD, "0 Q 1 01110 1 sz 10000 11001 10 Rn:5 Rd:5", "frinti <Vd:F>, <Vn:F>", "sz=1 Q=0"),
  FABS_VEC(ASIMD, "0 Q 0 01110 1 sz 10000 01111 10 Rn:5 Rd:5", "fabs <Vd:F>, <Vn:F>", "sz=1 Q=0"),
  FNEG_VEC(ASIMD, "0 Q 1 01110 1 sz 10000 01111 10 Rn:5 Rd:5", "fneg <Vd:F>, <Vn:F>", "sz=1 Q=0"),
  FSQRT_VEC(ASIMD, "0 Q 1 01110 1 sz 10000 11111 10 Rn:5 Rd:5", "fsqrt <Vd:F>, <Vn:F>", "sz=1 Q=0"),
  FCVTNS_VEC(ASIMD, "0 Q 0 01110 0 sz 10000 11010 10 Rn:5 Rd:5", "fcvtns <Vd:F>, <Vn:F>", "sz=1 Q=0"),
  FCVTMS_VEC(ASIMD, "0 Q 0 01110 0 sz 10000 11011 10 Rn:5 Rd:5", "fcvtms <Vd:F>, <Vn:F>", "sz=1 Q=0"),
  FCVTAS_VEC(ASIMD, "0 Q 0 01110 0 sz 10000 11100 10 Rn:5 Rd:5", "fcvtas <Vd:F>, <Vn:F>", "sz=1 Q=0"),
  SCVTF_VEC(ASIMD, "0 Q 0 01110 0 sz 10000 11101 10 Rn:5 Rd:5", "scvtf <Vd:F>, <Vn:F>", "sz=1 Q=0"),
  FCVTPS_VEC(ASIMD, "0 Q 0 01110 1 sz 10000 11010 10 Rn:5 Rd:5", "fcvtps <Vd:F>, <Vn:F>", "sz=1 Q=0"),
  FCVTZS_VEC(ASIMD, "0 Q 0 01110 1 sz 10000 11011 10 Rn:5 Rd:5", "fcvtzs <Vd:F>, <Vn:F>", "sz=1 Q=0"),
  FRECPE_VEC(ASIMD, "0 Q 0 01110 1 sz 10000 11101 10 Rn:5 Rd:5", "frecpe <Vd:F>, <Vn:F>", "sz=1 Q=0"),
  FCVTNU_VEC(ASIMD, "0 Q 1 01110 0 sz 10000 11010 10 Rn:5 Rd:5", "fcvtnu <Vd:F>, <Vn:F>", "sz=1 Q=0"),
  FCVTMU_VEC(ASIMD, "0 Q 1 01110 0 sz 10000 11011 10 Rn:5 Rd:5", "fcvtmu <Vd:F>, <Vn:F>", "sz=1 Q=0"),
  FCVTAU_VEC(ASIMD, "0 Q 1 01110 0 sz 10000 11100 10 Rn:5 Rd:5", "fcvtau <Vd:F>, <Vn:F>", "sz=1 Q=0"),
  UCVTF_VEC(ASIMD, "0 Q 1 01110 0 sz 10000 11101 10 Rn:5 Rd:5", "ucvtf <Vd:F>, <Vn:F>", "sz=1 Q=0"),
  FCVTPU_VEC(ASIMD, "0 Q 1 01110 1 sz 10000 11010 10 Rn:5 Rd:5", "fcvtpu <Vd:F>, <Vn:F>", "sz=1 Q=0"),
  FCVTZU_VEC(ASIMD, "0 Q 1 01110 1 sz 10000 11011 10 Rn:5 Rd:5", "fcvtzu <Vd:F>, <Vn:F>", "sz=1 Q=0"),
  FRSQRTE_VEC(ASIMD, "0 Q 1 01110 1 sz 10000 11101 10 Rn:5 Rd:5", "frsqrte <Vd:F>, <Vn:F>", "sz=1 Q=0"),
  FCMGT_ZERO_VEC(ASIMD, "0 Q 0 01110 1 sz 10000 01100 10 Rn:5 Rd:5", "fcmgt <Vd:F>, <Vn:F>, #0.0", "sz=1 Q=0"),
  FCMEQ_ZERO_VEC(ASIMD, "0 Q 0 01110 1 sz 10000 01101 10 Rn:5 Rd:5", "fcmeq <Vd:F>, <Vn:F>, #0.0", "sz=1 Q=0"),
  FCMLT_ZERO_VEC(ASIMD, "0 Q 0 01110 1 sz 10000 01110 10 Rn:5 Rd:5", "fcmlt <Vd:F>, <Vn:F>, #0.0", "sz=1 Q=0"),
  FCMGE_ZERO_VEC(ASIMD, "0 Q 1 01110 1 sz 10000 01100 10 Rn:5 Rd:5", "fcmge <Vd:F>, <Vn:F>, #0.0", "sz=1 Q=0"),
  FCMLE_ZERO_VEC(ASIMD, "0 Q 1 01110 1 sz 10000 01101 10 Rn:5 Rd:5", "fcmle <Vd:F>, <Vn:F>, #0.0", "sz=1 Q=0"),
  URECPE(ASIMD, "0 Q 0 01110 10 10000 11100 10 Rn:5 Rd:5", "urecpe <Vd:Q=2s,4s>, <Vn:Q=2s,4s>"),
  URSQRTE(ASIMD, "0 Q 1 01110 10 10000 11100 10 Rn:5 Rd:5", "ursqrte <Vd:Q=2s,4s>, <Vn:Q=2s,4s>"),
  // Two scalars
  SUQADD_SCALAR(ASIMD_SCALAR, "01 0 11110 size:2 10000 00011 10 Rn:5 Rd:5", "suqadd <Vd:size=bhsd>, <Vn:size=bhsd>"),
  USQADD_SCALAR(ASIMD_SCALAR, "01 1 11110 size:2 10000 00011 10 Rn:5 Rd:5", "usqadd <Vd:size=bhsd>, <Vn:size=bhsd>"),
  SQABS_SCALAR(ASIMD_SCALAR, "01 0 11110 size:2 10000 00111 10 Rn:5 Rd:5", "sqabs <Vd:size=bhsd>, <Vn:size=bhsd>"),
  SQNEG_SCALAR(ASIMD_SCALAR, "01 1 11110 size:2 10000 00111 10 Rn:5 Rd:5", "sqneg <Vd:size=bhsd>, <Vn:size=bhsd>"),
  ABS_SCALAR(ASIMD_SCALAR, "01 0 11110 11 10000 01011 10 Rn:5 Rd:5", "abs <Dd>, <Dn>"),
  NEG_SCALAR(ASIMD_SCALAR, "01 1 11110 11 10000 01011 10 Rn:5 Rd:5", "neg <Dd>, <Dn>"),
  CMGT_ZERO_SCALAR(ASIMD_SCALAR, "01 0 11110 11 10000 01000 10 Rn:5 Rd:5", "cmgt <Dd>, <Dn>, #0"),
  CMEQ_ZERO_SCALAR(ASIMD_SCALAR, "01 0 11110 11 10000 01001 10 Rn:5 Rd:5", "cmeq <Dd>, <Dn>, #0"),
  CMLT_ZERO_SCALAR(ASIMD_SCALAR, "01 0 11110 11 10000 01010 10 Rn:5 Rd:5", "cmlt <Dd>, <Dn>, #0"),
  CMGE_ZERO_SCALAR(ASIMD_SCALAR, "01 1 11110 11 10000 01000 10 Rn:5 Rd:5", "cmge <Dd>, <Dn>, #0"),
  CMLE_ZERO_SCALAR(ASIMD_SCALAR, "01 1 11110 11 10000 01001 10 Rn:5 Rd:5", "cmle <Dd>, <Dn>, #0"),
  SQXTN_SCALAR(ASIMD_SCALAR, "01 0 11110 size:2 10000 10100 10 Rn:5 Rd:5",
      "sqxtn <Vd:size=bhs->, <Vn:size=hsd->", "size=3"),
  SQXTUN_SCALAR(ASIMD_SCALAR, "01 1 11110 size:2 10000 10010 10 Rn:5 Rd:5",
      "sqxtun <Vd:size=bhs->, <Vn:size=hsd->", "size=3"),
  UQXTN_SCALAR(ASIMD_SCALAR, "01 1 11110 size:2 10000 10100 10 Rn:5 Rd:5",
      "uqxtn <Vd:size=bhs->, <Vn:size=hsd->", "size=3"),
  FCVTXN_SCALAR(ASIMD_SCALAR, "01 1 11110 01 10000 10110 10 Rn:5 Rd:5", "fcvtxn <Sd>, <Dn>"),
  FCVTNS_SCALAR(ASIMD_SCALAR, "01 0 11110 0 sz 10000 11010 10 Rn:5 Rd:5", "fcvtns <Vd:sz=sd>, <Vn:sz=sd>"),
  FCVTMS_SCALAR(ASIMD_SCALAR, "01 0 11110 0 sz 10000 11011 10 Rn:5 Rd:5", "fcvtms <Vd:sz=sd>, <Vn:sz=sd>"),
  FCVTAS_SCALAR(ASIMD_SCALAR, "01 0 11110 0 sz 10000 11100 10 Rn:5 Rd:5", "fcvtas <Vd:sz=sd>, <Vn:sz=sd>"),
  SCVTF_SCALAR(ASIMD_SCALAR, "01 0 11110 0 sz 10000 11101 10 Rn:5 Rd:5", "scvtf <Vd:sz=sd>, <Vn:sz=sd>"),
  FCVTPS_SCALAR(ASIMD_SCALAR, "01 0 11110 1 sz 10000 11010 10 Rn:5 Rd:5", "fcvtps <Vd:sz=sd>, <Vn:sz=sd>"),
  FCVTZS_SCALAR(ASIMD_SCALAR, "01 0 11110 1 sz 10000 11011 10 Rn:5 Rd:5", "fcvtzs <Vd:sz=sd>, <Vn:sz=sd>"),
  FRECPE_SCALAR(ASIMD_SCALAR, "01 0 11110 1 sz 10000 11101 10 Rn:5 Rd:5", "frecpe <Vd:sz=sd>, <Vn:sz=sd>"),
  FCVTNU_SCALAR(ASIMD_SCALAR, "01 1 11110 0 sz 10000 11010 10 Rn:5 Rd:5", "fcvtnu <Vd:sz=sd>, <Vn:sz=sd>"),
  FCVTMU_SCALAR(ASIMD_SCALAR, "01 1 11110 0 sz 10000 11011 10 Rn:5 Rd:5", "fcvtmu <Vd:sz=sd>, <Vn:sz=sd>"),
  FCVTAU_SCALAR(ASIMD_SCALAR, "01 1 11110 0 sz 10000 11100 10 Rn:5 Rd:5", "fcvtau <Vd:sz=sd>, <Vn:sz=sd>"),
  UCVTF_SCALAR(ASIMD_SCALAR, "01 1 11110 0 sz 10000 11101 10 Rn:5 Rd:5", "ucvtf <Vd:sz=sd>, <Vn:sz=sd>"),
  FCVTPU_SCALAR(ASIMD_SCALAR, "01 1 11110 1 sz 10000 11010 10 Rn:5 Rd:5", "fcvtpu <Vd:sz=sd>, <Vn:sz=sd>"),
  FCVTZU_SCALAR(ASIMD_SCALAR, "01 1 11110 1 sz 10000 11011 10 Rn:5 Rd:5", "fcvtzu <Vd:sz=sd>, <Vn:sz=sd>"),
  FRSQRTE_SCALAR(ASIMD_SCALAR, "01 1 11110 1 sz 10000 11101 10 Rn:5 Rd:5", "frsqrte <Vd:sz=sd>, <Vn:sz=sd>"),
  FRECPX(ASIMD_SCALAR, "01 0 11110 1 sz 10000 11111 10 Rn:5 Rd:5", "frecpx <Vd:sz=sd>, <Vn:sz=sd>"),
  FCMGT_ZERO_SCALAR(ASIMD_SCALAR, "01 0 11110 1 sz 10000 01100 10 Rn:5 Rd:5", "fcmgt <Vd:sz=sd>, <Vn:sz=sd>, #0.0"),
  FCMEQ_ZERO_SCALAR(ASIMD_SCALAR, "01 0 11110 1 sz 10000 01101 10 Rn:5 Rd:5", "fcmeq <Vd:sz=sd>, <Vn:sz=sd>, #0.0"),
  FCMLT_ZERO_SCALAR(ASIMD_SCALAR, "01 0 11110 1 sz 10000 01110 10 Rn:5 Rd:5", "fcmlt <Vd:sz=sd>, <Vn:sz=sd>, #0.0"),
  FCMGE_ZERO_SCALAR(ASIMD_SCALAR, "01 1 11110 1 sz 10000 01100 10 Rn:5 Rd:5", "fcmge <Vd:sz=sd>, <Vn:sz=sd>, #0.0"),
  FCMLE_ZERO_SCALAR(ASIMD_SCALAR, "01 1 11110 1 sz 10000 01101 10 Rn:5 Rd:5", "fcmle <Vd:sz=sd>, <Vn:sz=sd>, #0.0"),
  // Across lanes, and pairwise to a scalar
  SADDLV(ASIMD, "0 Q 0 01110 size:2 11000 00011 10 Rn:5 Rd:5", "saddlv <Vd:size=hsd->, <Vn:T>", "size=3; size=2 Q=0"),
  UADDLV(ASIMD, "0 Q 1 01110 size:2 11000 00011 10 Rn:5 Rd:5", "uaddlv <Vd:size=hsd->, <Vn:T>", "size=3; size=2 Q=0"),
  SMAXV(ASIMD, "0 Q 0 01110 size:2 11000 01010 10 Rn:5 Rd:5", "smaxv <Vd:size=bhs->, <Vn:T>", "size=3; size=2 Q=0"),
  UMAXV(ASIMD, "0 Q 1 01110 size:2 11000 01010 10 Rn:5 Rd:5", "umaxv <Vd:size=bhs->, <Vn:T>", "size=3; size=2 Q=0"),
  SMINV(ASIMD, "0 Q 0 01110 size:2 11000 11010 10 Rn:5 Rd:5", "sminv <Vd:size=bhs->, <Vn:T>", "size=3; size=2 Q=0"),
  UMINV(ASIMD, "0 Q 1 01110 size:2 11000 11010 10 Rn:5 Rd:5", "uminv <Vd:size=bhs->, <Vn:T>", "size=3; size=2 Q=0"),
  ADDV(ASIMD, "0 Q 0 01110 size:2 11000 11011 10 Rn:5 Rd:5", "addv <Vd:size=bhs->, <Vn:T>", "size=3; size=2 Q=0"),
  FMAXNMV(ASIMD, "0 1 1 01110 0 0 11000 01100 10 Rn:5 Rd:5", "fmaxnmv <Sd>, <Vn:4s>"),
  FMINNMV(ASIMD, "0 1 1 01110 1 0 11000 01100 10 Rn:5 Rd:5", "fminnmv <Sd>, <Vn:4s>"),
  FMAXV(ASIMD, "0 1 1 01110 0 0 11000 01111 10 Rn:5 Rd:5", "fmaxv <Sd>, <Vn:4s>"),
  FMINV(ASIMD, "0 1 1 01110 1 0 11000 01111 10 Rn:5 Rd:5", "fminv <Sd>, <Vn:4s>"),
  ADDP_SCALAR(ASIMD_SCALAR, "01 0 11110 11 11000 11011 10 Rn:5 Rd:5", "addp <Dd>, <Vn:2d>"),
  FMAXNMP_SCALAR(ASIMD_SCALAR, "01 1 11110 0 sz 11000 01100 10 Rn:5 Rd:5", "fmaxnmp <Vd:sz=sd>, <Vn:sz=2s,2d>"),
  FADDP_SCALAR(ASIMD_SCALAR, "01 1 11110 0 sz 11000 01101 10 Rn:5 Rd:5", "faddp <Vd:sz=sd>, <Vn:sz=2s,2d>"),
  FMAXP_SCALAR(ASIMD_SCALAR, "01 1 11110 0 sz 11000 01111 10 Rn:5 Rd:5", "fmaxp <Vd:sz=sd>, <Vn:sz=2s,2d>"),
  FMINNMP_SCALAR(ASIMD_SCALAR, "01 1 11110 1 sz 11000 01100 10 Rn:5 Rd:5", "fminnmp <Vd:sz=sd>, <Vn:sz=2s,2d>"),
  FMINP_SCALAR(ASIMD_SCALAR, "01 1 11110 1 sz 11000 01111 10 Rn:5 Rd:5", "fminp <Vd:sz=sd>, <Vn:sz=2s,2d>"),
  // Copies between lanes and registers: the lowest set bit of imm5 gives the lane's size
  DUP_ELEMENT(ASIMD, "0 Q 0 01110000 imm5:5 0 0000 1 Rn:5 Rd:5",
      "dup <Vd:imm5>, <lane:n>", "imm5=0; imm5=16; imm5=8 Q=0; imm5=24 Q=0"),
  DUP_GENERAL(ASIMD, "0 Q 0 01110000 imm5:5 0 0001 1 Rn:5 Rd:5",
      "dup <Vd:imm5>, <Rn:imm5>", "imm5=0; imm5=16; imm5=8 Q=0; imm5=24 Q=0"),
  DUP_SCALAR(ASIMD_SCALAR, "01 0 11110000 imm5:5 0 0000 1 Rn:5 Rd:5", "dup <Vd:@imm5>, <lane:n>", "imm5=0; imm5=16"),
  SMOV(ASIMD, "0 Q 0 01110000 imm5:5 0 0101 1 Rn:5 Rd:5",
      "smov <Rd:Q=1>, <lane:n>", "imm5=0; imm5=16; imm5=8; imm5=24; imm5=4 Q=0; imm5=12 Q=0; imm5=20 Q=0; imm5=28 Q=0"),
  UMOV(ASIMD, "0 Q 0 01110000 imm5:5 0 0111 1 Rn:5 Rd:5",
      "umov <Rd:Q=1>, <lane:n>", "imm5=0; imm5=16; Q=0 imm5=8; Q=0 imm5=24; Q=1 imm5!=8 imm5!=24"),
  INS_GENERAL(ASIMD, "0 1 0 01110000 imm5:5 0 0011 1 Rn:5 Rd:5", "ins <lane:d>, <Rn:imm5>", "imm5=0; imm5=16"),
  INS_ELEMENT(ASIMD, "0 1 1 01110000 imm5:5 0 imm4:4 1 Rn:5 Rd:5", "ins <lane:d>, <lane:4>", "imm5=0; imm5=16"),
  // Modified immediates: the byte abc:defgh; see SimdImmediate
  MOVI_32(ASIMD, "0 Q 0 0111100000 abc:3 0 sh:2 0 01 defgh:5 Rd:5", "movi <Vd:Q=2s,4s>, <x:abc.defgh><lslv>"),
  ORR_VEC_IMM_32(ASIMD, "0 Q 0 0111100000 abc:3 0 sh:2 1 01 defgh:5 Rd:5", "orr <Vd:Q=2s,4s>, <x:abc.defgh><lslv>"),
  MOVI_16(ASIMD, "0 Q 0 0111100000 abc:3 10 sh 0 01 defgh:5 Rd:5", "movi <Vd:Q=4h,8h>, <x:abc.defgh><lslv>"),
  ORR_VEC_IMM_16(ASIMD, "0 Q 0 0111100000 abc:3 10 sh 1 01 defgh:5 Rd:5", "orr <Vd:Q=4h,8h>, <x:abc.defgh><lslv>"),
  MOVI_MSL(ASIMD, "0 Q 0 0111100000 abc:3 110 sh 01 defgh:5 Rd:5", "movi <Vd:Q=2s,4s>, <x:abc.defgh>, msl <sh=#8,#16>"),
  MOVI_8(ASIMD, "0 Q 0 0111100000 abc:3 1110 01 defgh:5 Rd:5", "movi <Vd:B>, <x:abc.defgh>"),
  MVNI_32(ASIMD, "0 Q 1 0111100000 abc:3 0 sh:2 0 01 defgh:5 Rd:5", "mvni <Vd:Q=2s,4s>, <x:abc.defgh><lslv>"),
  BIC_VEC_IMM_32(ASIMD, "0 Q 1 0111100000 abc:3 0 sh:2 1 01 defgh:5 Rd:5", "bic <Vd:Q=2s,4s>, <x:abc.defgh><lslv>"),
  MVNI_16(ASIMD, "0 Q 1 0111100000 abc:3 10 sh 0 01 defgh:5 Rd:5", "mvni <Vd:Q=4h,8h>, <x:abc.defgh><lslv>"),
  BIC_VEC_IMM_16(ASIMD, "0 Q 1 0111100000 abc:3 10 sh 1 01 defgh:5 Rd:5", "bic <Vd:Q=4h,8h>, <x:abc.defgh><lslv>"),
  MVNI_MSL(ASIMD, "0 Q 1 0111100000 abc:3 110 sh 01 defgh:5 Rd:5", "mvni <Vd:Q=2s,4s>, <x:abc.defgh>, msl <sh=#8,#16>"),
  MOVI_64_SCALAR(ASIMD_SCALAR, "0 0 1 0111100000 abc:3 1110 01 defgh:5 Rd:5", "movi <Dd>, <imm64>"),
  MOVI_64(ASIMD, "0 1 1 0111100000 abc:3 1110 01 defgh:5 Rd:5", "movi <Vd:2d>, <imm64>"),
  FMOV_VEC_IMM(ASIMD, "0 Q op 0111100000 abc:3 1111 01 defgh:5 Rd:5", "fmov <Vd:op.Q=2s,4s,-,2d>, <fimmv>", "op=1 Q=0"),
  // Shifts by an immediate: the highest set bit of immh gives the element's size
  SSHR_VEC_IMM(ASIMD, "0 Q 0 011110 immh:4 immb:3 00000 1 Rn:5 Rd:5",
      "sshr <Vd:immh>, <Vn:immh>, <shr>", "immh=0; immh>=8 Q=0"),
  USHR_VEC_IMM(ASIMD, "0 Q 1 011110 immh:4 immb:3 00000 1 Rn:5 Rd:5",
      "ushr <Vd:immh>, <Vn:immh>, <shr>", "immh=0; immh>=8 Q=0"),
  SSRA_VEC_IMM(ASIMD, "0 Q 0 011110 immh:4 immb:3 00010 1 Rn:5 Rd:5",
      "ssra <Vd:immh>, <Vn:immh>, <shr>", "immh=0; immh>=8 Q=0"),
  USRA_VEC_IMM(ASIMD, "0 Q 1 011110 immh:4 immb:3 00010 1 Rn:5 Rd:5",
      "usra <Vd:immh>, <Vn:immh>, <shr>", "immh=0; immh>=8 Q=0"),
  SRSHR_VEC_IMM(ASIMD, "0 Q 0 011110 immh:4 immb:3 00100 1 Rn:5 Rd:5",
      "srshr <Vd:immh>, <Vn:immh>, <shr>", "immh=0; immh>=8 Q=0"),
  URSHR_VEC_IMM(ASIMD, "0 Q 1 011110 immh:4 immb:3 00100 1 Rn:5 Rd:5",
      "urshr <Vd:immh>, <Vn:immh>, <shr>", "immh=0; immh>=8 Q=0"),
  SRSRA_VEC_IMM(ASIMD, "0 Q 0 011110 immh:4 immb:3 00110 1 Rn:5 Rd:5",
      "srsra <Vd:immh>, <Vn:immh>, <shr>", "immh=0; immh>=8 Q=0"),
  URSRA_VEC_IMM(ASIMD, "0 Q 1 011110 immh:4 immb:3 00110 1 Rn:5 Rd:5",
      "ursra <Vd:immh>, <Vn:immh>, <shr>", "immh=0; immh>=8 Q=0"),
  SRI_VEC_IMM(ASIMD, "0 Q 1 011110 immh:4 immb:3 01000 1 Rn:5 Rd:5",
      "sri <Vd:immh>, <Vn:immh>, <shr>", "immh=0; immh>=8 Q=0"),
  SHL_VEC_IMM(ASIMD, "0 Q 0 011110 immh:4 immb:3 01010 1 Rn:5 Rd:5",
      "shl <Vd:immh>, <Vn:immh>, <shl>", "immh=0; immh>=8 Q=0"),
  SLI_VEC_IMM(ASIMD, "0 Q 1 011110 immh:4 immb:3 01010 1 Rn:5 Rd:5",
      "sli <Vd:immh>, <Vn:immh>, <shl>", "immh=0; immh>=8 Q=0"),
  SQSHLU_VEC_IMM(ASIMD, "0 Q 1 011110 immh:4 immb:3 01100 1 Rn:5 Rd:5",
      "sqshlu <Vd:immh>, <Vn:immh>, <shl>", "immh=0; immh>=8 Q=0"),
  SQSHL_VEC_IMM(ASIMD, "0 Q 0 011110 immh:4 immb:3 01110 1 Rn:5 Rd:5",
      "sqshl <Vd:immh>, <Vn:immh>, <shl>", "immh=0; immh>=8 Q=0"),
  UQSHL_VEC_IMM(ASIMD, "0 Q 1 011110 immh:4 immb:3 01110 1 Rn:5 Rd:5",
      "uqshl <Vd:immh>, <Vn:immh>, <shl>", "immh=0; immh>=8 Q=0"),
  SHRN(ASIMD, "0 Q 0 011110 immh:4 immb:3 10000 1 Rn:5 Rd:5", "shrn<Q=,2> <Vd:immh>, <Vn:immh+1>, <shr>", "immh=0; immh>=8"),
  RSHRN(ASIMD, "0 Q 0 011110 immh:4 immb:3 10001 1 Rn:5 Rd:5",
      "rshrn<Q=,2> <Vd:immh>, <Vn:immh+1>, <shr>", "immh=0; immh>=8"),
  SQSHRN_VEC(ASIMD, "0 Q 0 011110 immh:4 immb:3 10010 1 Rn:5 Rd:5",
      "sqshrn<Q=,2> <Vd:immh>, <Vn:immh+1>, <shr>", "immh=0; immh>=8"),
  SQRSHRN_VEC(ASIMD, "0 Q 0 011110 immh:4 immb:3 10011 1 Rn:5 Rd:5",
      "sqrshrn<Q=,2> <Vd:immh>, <Vn:immh+1>, <shr>", "immh=0; immh>=8"),
  SQSHRUN_VEC(ASIMD, "0 Q 1 011110 immh:4 immb:3 10000 1 Rn:5 Rd:5",
      "sqshrun<Q=,2> <Vd:immh>, <Vn:immh+1>, <shr>", "immh=0; immh>=8"),
  SQRSHRUN_VEC(ASIMD, "0 Q 1 011110 immh:4 immb:3 10001 1 Rn:5 Rd:5",
      "sqrshrun<Q=,2> <Vd:immh>, <Vn:immh+1>, <shr>", "immh=0; immh>=8"),
  UQSHRN_VEC(ASIMD, "0 Q 1 011110 immh:4 immb:3 10010 1 Rn:5 Rd:5",
      "uqshrn<Q=,2> <Vd:immh>, <Vn:immh+1>, <shr>", "immh=0; immh>=8"),
  UQRSHRN_VEC(ASIMD, "0 Q 1 011110 immh:4 immb:3 10011 1 Rn:5 Rd:5",
      "uqrshrn<Q=,2> <Vd:immh>, <Vn:immh+1>, <shr>", "immh=0; immh>=8"),
  SSHLL(ASIMD, "0 Q 0 011110 immh:4 immb:3 10100 1 Rn:5 Rd:5",
      "sshll<Q=,2> <Vd:immh+1>, <Vn:immh>, <shl>", "immh=0; immh>=8"),
  USHLL(ASIMD, "0 Q 1 011110 immh:4 immb:3 10100 1 Rn:5 Rd:5",
      "ushll<Q=,2> <Vd:immh+1>, <Vn:immh>, <shl>", "immh=0; immh>=8"),
  SCVTF_VEC_FIXED(ASIMD, "0 Q 0 011110 immh:4 immb:3 11100 1 Rn:5 Rd:5",
      "scvtf <Vd:immh>, <Vn:immh>, <shr>", "immh<4; immh>=8 Q=0"),
  UCVTF_VEC_FIXED(ASIMD, "0 Q 1 011110 immh:4 immb:3 11100 1 Rn:5 Rd:5",
      "ucvtf <Vd:immh>, <Vn:immh>, <shr>", "immh<4; immh>=8 Q=0"),
  FCVTZS_VEC_FIXED(ASIMD, "0 Q 0 011110 immh:4 immb:3 11111 1 Rn:5 Rd:5",
      "fcvtzs <Vd:immh>, <Vn:immh>, <shr>", "immh<4; immh>=8 Q=0"),
  FCVTZU_VEC_FIXED(ASIMD, "0 Q 1 011110 immh:4 immb:3 11111 1 Rn:5 Rd:5",
      "fcvtzu <Vd:immh>, <Vn:immh>, <shr>", "immh<4; immh>=8 Q=0"),
  // Shifts of a scalar by an immediate
  SSHR_SCALAR_IMM(ASIMD_SCALAR, "01 0 111110 immh:4 immb:3 00000 1 Rn:5 Rd:5",
      "sshr <Vd:@immh>, <Vn:@immh>, <shr>", "immh<8"),
  USHR_SCALAR_IMM(ASIMD_SCALAR, "01 1 111110 immh:4 immb:3 00000 1 Rn:5 Rd:5",
      "ushr <Vd:@immh>, <Vn:@immh>, <shr>", "immh<8"),
  SSRA_SCALAR_IMM(ASIMD_SCALAR, "01 0 111110 immh:4 immb:3 00010 1 Rn:5 Rd:5",
      "ssra <Vd:@immh>, <Vn:@immh>, <shr>", "immh<8"),
  USRA_SCALAR_IMM(ASIMD_SCALAR, "01 1 111110 immh:4 immb:3 00010 1 Rn:5 Rd:5",
      "usra <Vd:@immh>, <Vn:@immh>, <shr>", "immh<8"),
  SRSHR_SCALAR_IMM(ASIMD_SCALAR, "01 0 111110 immh:4 immb:3 00100 1 Rn:5 Rd:5",
      "srshr <Vd:@immh>, <Vn:@immh>, <shr>", "immh<8"),
  URSHR_SCALAR_IMM(ASIMD_SCALAR, "01 1 111110 immh:4 immb:3 00100 1 Rn:5 Rd:5",
      "urshr <Vd:@immh>, <Vn:@immh>, <shr>", "immh<8"),
  SRSRA_SCALAR_IMM(ASIMD_SCALAR, "01 0 111110 immh:4 immb:3 00110 1 Rn:5 Rd:5",
      "srsra <Vd:@immh>, <Vn:@immh>, <shr>", "immh<8"),
  URSRA_SCALAR_IMM(ASIMD_SCALAR, "01 1 111110 immh:4 immb:3 00110 1 Rn:5 Rd:5",
      "ursra <Vd:@immh>, <Vn:@immh>, <shr>", "immh<8"),
  SRI_SCALAR_IMM(ASIMD_SCALAR, "01 1 111110 immh:4 immb:3 01000 1 Rn:5 Rd:5",
      "sri <Vd:@immh>, <Vn:@immh>, <shr>", "immh<8"),
  SHL_SCALAR_IMM(ASIMD_SCALAR, "01 0 111110 immh:4 immb:3 01010 1 Rn:5 Rd:5",
      "shl <Vd:@immh>, <Vn:@immh>, <shl>", "immh<8"),
  SLI_SCALAR_IMM(ASIMD_SCALAR, "01 1 111110 immh:4 immb:3 01010 1 Rn:5 Rd:5",
      "sli <Vd:@immh>, <Vn:@immh>, <shl>", "immh<8"),
  SQSHLU_SCALAR_IMM(ASIMD_SCALAR, "01 1 111110 immh:4 immb:3 01100 1 Rn:5 Rd:5",
      "sqshlu <Vd:@immh>, <Vn:@immh>, <shl>", "immh=0"),
  SQSHL_SCALAR_IMM(ASIMD_SCALAR, "01 0 111110 immh:4 immb:3 01110 1 Rn:5 Rd:5",
      "sqshl <Vd:@immh>, <Vn:@immh>, <shl>", "immh=0"),
  UQSHL_SCALAR_IMM(ASIMD_SCALAR, "01 1 111110 immh:4 immb:3 01110 1 Rn:5 Rd:5",
      "uqshl <Vd:@immh>, <Vn:@immh>, <shl>", "immh=0"),
  SQSHRN_SCALAR(ASIMD_SCALAR, "01 0 111110 immh:4 immb:3 10010 1 Rn:5 Rd:5",
      "sqshrn <Vd:@immh>, <Vn:@immh+1>, <shr>", "immh=0; immh>=8"),
  SQRSHRN_SCALAR(ASIMD_SCALAR, "01 0 111110 immh:4 immb:3 10011 1 Rn:5 Rd:5",
      "sqrshrn <Vd:@immh>, <Vn:@immh+1>, <shr>", "immh=0; immh>=8"),
  SQSHRUN_SCALAR(ASIMD_SCALAR, "01 1 111110 immh:4 immb:3 10000 1 Rn:5 Rd:5",
      "sqshrun <Vd:@immh>, <Vn:@immh+1>, <shr>", "immh=0; immh>=8"),
  SQRSHRUN_SCALAR(ASIMD_SCALAR, "01 1 111110 immh:4 immb:3 10001 1 Rn:5 Rd:5",
      "sqrshrun <Vd:@immh>, <Vn:@immh+1>, <shr>", "immh=0; immh>=8"),
  UQSHRN_SCALAR(ASIMD_SCALAR, "01 1 111110 immh:4 immb:3 10010 1 Rn:5 Rd:5",
      "uqshrn <Vd:@immh>, <Vn:@immh+1>, <shr>", "immh=0; immh>=8"),
  UQRSHRN_SCALAR(ASIMD_SCALAR, "01 1 111110 immh:4 immb:3 10011 1 Rn:5 Rd:5",
      "uqrshrn <Vd:@immh>, <Vn:@immh+1>, <shr>", "immh=0; immh>=8"),
  SCVTF_SCALAR_FIXED(ASIMD_SCALAR, "01 0 111110 immh:4 immb:3 11100 1 Rn:5 Rd:5",
      "scvtf <Vd:@immh>, <Vn:@immh>, <shr>", "immh<4"),
  UCVTF_SCALAR_FIXED(ASIMD_SCALAR, "01 1 111110 immh:4 immb:3 11100 1 Rn:5 Rd:5",
      "ucvtf <Vd:@immh>, <Vn:@immh>, <shr>", "immh<4"),
  FCVTZS_SCALAR_FIXED(ASIMD_SCALAR, "01 0 111110 immh:4 immb:3 11111 1 Rn:5 Rd:5",
      "fcvtzs <Vd:@immh>, <Vn:@immh>, <shr>", "immh<4"),
  FCVTZU_SCALAR_FIXED(ASIMD_SCALAR, "01 1 111110 immh:4 immb:3 11111 1 Rn:5 Rd:5",
      "fcvtzu <Vd:@immh>, <Vn:@immh>, <shr>", "immh<4"),
  // By element: Rm and M name the register, H, L and M the lane
  MLA_ELEMENT(ASIMD, "0 Q 1 01111 size:2 L M Rm:4 0000 H 0 Rn:5 Rd:5", "mla <Vd:T>, <Vn:T>, <elem>", "size=0; size=3"),
  MLS_ELEMENT(ASIMD, "0 Q 1 01111 size:2 L M Rm:4 0100 H 0 Rn:5 Rd:5", "mls <Vd:T>, <Vn:T>, <elem>", "size=0; size=3"),
  MUL_ELEMENT(ASIMD, "0 Q 0 01111 size:2 L M Rm:4 1000 H 0 Rn:5 Rd:5", "mul <Vd:T>, <Vn:T>, <elem>", "size=0; size=3"),
  SQDMULH_ELEMENT(ASIMD, "0 Q 0 01111 size:2 L M Rm:4 1100 H 0 Rn:5 Rd:5",
      "sqdmulh <Vd:T>, <Vn:T>, <elem>", "size=0; size=3"),
  SQRDMULH_ELEMENT(ASIMD, "0 Q 0 01111 size:2 L M Rm:4 1101 H 0 Rn:5 Rd:5",
      "sqrdmulh <Vd:T>, <Vn:T>, <elem>", "size=0; size=3"),
  SMLAL_ELEMENT(ASIMD, "0 Q 0 01111 size:2 L M Rm:4 0010 H 0 Rn:5 Rd:5",
      "smlal<Q=,2> <Vd:W>, <Vn:T>, <elem>", "size=0; size=3"),
  UMLAL_ELEMENT(ASIMD, "0 Q 1 01111 size:2 L M Rm:4 0010 H 0 Rn:5 Rd:5",
      "umlal<Q=,2> <Vd:W>, <Vn:T>, <elem>", "size=0; size=3"),
  SMLSL_ELEMENT(ASIMD, "0 Q 0 01111 size:2 L M Rm:4 0110 H 0 Rn:5 Rd:5",
      "smlsl<Q=,2> <Vd:W>, <Vn:T>, <elem>", "size=0; size=3"),
  UMLSL_ELEMENT(ASIMD, "0 Q 1 01111 size:2 L M Rm:4 0110 H 0 Rn:5 Rd:5",
      "umlsl<Q=,2> <Vd:W>, <Vn:T>, <elem>", "size=0; size=3"),
  SMULL_ELEMENT(ASIMD, "0 Q 0 01111 size:2 L M Rm:4 1010 H 0 Rn:5 Rd:5",
      "smull<Q=,2> <Vd:W>, <Vn:T>, <elem>", "size=0; size=3"),
  UMULL_ELEMENT(ASIMD, "0 Q 1 01111 size:2 L M Rm:4 1010 H 0 Rn:5 Rd:5",
      "umull<Q=,2> <Vd:W>, <Vn:T>, <elem>", "size=0; size=3"),
  SQDMLAL_ELEMENT(ASIMD, "0 Q 0 01111 size:2 L M Rm:4 0011 H 0 Rn:5 Rd:5",
      "sqdmlal<Q=,2> <Vd:W>, <Vn:T>, <elem>", "size=0; size=3"),
  SQDMLSL_ELEMENT(ASIMD, "0 Q 0 01111 size:2 L M Rm:4 0111 H 0 Rn:5 Rd:5",
      "sqdmlsl<Q=,2> <Vd:W>, <Vn:T>, <elem>", "size=0; size=3"),
  SQDMULL_ELEMENT(ASIMD, "0 Q 0 01111 size:2 L M Rm:4 1011 H 0 Rn:5 Rd:5",
      "sqdmull<Q=,2> <Vd:W>, <Vn:T>, <elem>", "size=0; size=3"),
  FMLA_ELEMENT(ASIMD, "0 Q 0 01111 1 sz L M Rm:4 0001 H 0 Rn:5 Rd:5",
      "fmla <Vd:F>, <Vn:F>, <felem>", "sz=1 L=1; sz=1 Q=0"),
  FMLS_ELEMENT(ASIMD, "0 Q 0 01111 1 sz L M Rm:4 0101 H 0 Rn:5 Rd:5",
      "fmls <Vd:F>, <Vn:F>, <felem>", "sz=1 L=1; sz=1 Q=0"),
  FMUL_ELEMENT(ASIMD, "0 Q 0 01111 1 sz L M Rm:4 1001 H 0 Rn:5 Rd:5",
      "fmul <Vd:F>, <Vn:F>, <felem>", "sz=1 L=1; sz=1 Q=0"),
  FMULX_ELEMENT(ASIMD, "0 Q 1 01111 1 sz L M Rm:4 1001 H 0 Rn:5 Rd:5",
      "fmulx <Vd:F>, <Vn:F>, <felem>", "sz=1 L=1; sz=1 Q=0"),
  SQDMLAL_SCALAR_ELEMENT(ASIMD_SCALAR, "01 0 11111 size:2 L M Rm:4 0011 H 0 Rn:5 Rd:5",
      "sqdmlal <Vd:size=-sd->, <Vn:size=-hs->, <elem>", "size=0; size=3"),
  SQDMLSL_SCALAR_ELEMENT(ASIMD_SCALAR, "01 0 11111 size:2 L M Rm:4 0111 H 0 Rn:5 Rd:5",
      "sqdmlsl <Vd:size=-sd->, <Vn:size=-hs->, <elem>", "size=0; size=3"),
  SQDMULL_SCALAR_ELEMENT(ASIMD_SCALAR, "01 0 11111 size:2 L M Rm:4 1011 H 0 Rn:5 Rd:5",
      "sqdmull <Vd:size=-sd->, <Vn:size=-hs->, <elem>", "size=0; size=3"),
  SQDMULH_SCALAR_ELEMENT(ASIMD_SCALAR, "01 0 11111 size:2 L M Rm:4 1100 H 0 Rn:5 Rd:5",
      "sqdmulh <Vd:size=-hs->, <Vn:size=-hs->, <elem>", "size=0; size=3"),
  SQRDMULH_SCALAR_ELEMENT(ASIMD_SCALAR, "01 0 11111 size:2 L M Rm:4 1101 H 0 Rn:5 Rd:5",
      "sqrdmulh <Vd:size=-hs->, <Vn:size=-hs->, <elem>", "size=0; size=3"),
  FMLA_SCALAR_ELEMENT(ASIMD_SCALAR, "01 0 11111 1 sz L M Rm:4 0001 H 0 Rn:5 Rd:5",
      "fmla <Vd:sz=sd>, <Vn:sz=sd>, <felem>", "sz=1 L=1"),
  FMLS_SCALAR_ELEMENT(ASIMD_SCALAR, "01 0 11111 1 sz L M Rm:4 0101 H 0 Rn:5 Rd:5",
      "fmls <Vd:sz=sd>, <Vn:sz=sd>, <felem>", "sz=1 L=1"),
  FMUL_SCALAR_ELEMENT(ASIMD_SCALAR, "01 0 11111 1 sz L M Rm:4 1001 H 0 Rn:5 Rd:5",
      "fmul <Vd:sz=sd>, <Vn:sz=sd>, <felem>", "sz=1 L=1"),
  FMULX_SCALAR_ELEMENT(ASIMD_SCALAR, "01 1 11111 1 sz L M Rm:4 1001 H 0 Rn:5 Rd:5",
      "fmulx <Vd:sz=sd>, <Vn:sz=sd>, <felem>", "sz=1 L=1"),
  // Permutations, extraction, tables
  UZP1(ASIMD, "0 Q 001110 size:2 0 Rm:5 0 001 10 Rn:5 Rd:5", "uzp1 <Vd:T>, <Vn:T>, <Vm:T>", "size=3 Q=0"),
  TRN1(ASIMD, "0 Q 001110 size:2 0 Rm:5 0 010 10 Rn:5 Rd:5", "trn1 <Vd:T>, <Vn:T>, <Vm:T>", "size=3 Q=0"),
  ZIP1(ASIMD, "0 Q 001110 size:2 0 Rm:5 0 011 10 Rn:5 Rd:5", "zip1 <Vd:T>, <Vn:T>, <Vm:T>", "size=3 Q=0"),
  UZP2(ASIMD, "0 Q 001110 size:2 0 Rm:5 0 101 10 Rn:5 Rd:5", "uzp2 <Vd:T>, <Vn:T>, <Vm:T>", "size=3 Q=0"),
  TRN2(ASIMD, "0 Q 001110 size:2 0 Rm:5 0 110 10 Rn:5 Rd:5", "trn2 <Vd:T>, <Vn:T>, <Vm:T>", "size=3 Q=0"),
  ZIP2(ASIMD, "0 Q 001110 size:2 0 Rm:5 0 111 10 Rn:5 Rd:5", "zip2 <Vd:T>, <Vn:T>, <Vm:T>", "size=3 Q=0"),
  EXT(ASIMD, "0 Q 101110 00 0 Rm:5 0 imm4:4 0 Rn:5 Rd:5", "ext <Vd:B>, <Vn:B>, <Vm:B>, <d:imm4>", "Q=0 imm4>=8"),
  TBL(ASIMD, "0 Q 001110 00 0 Rm:5 0 len:2 0 00 Rn:5 Rd:5", "tbl <Vd:B>, <table>, <Vm:B>"),
  TBX(ASIMD, "0 Q 001110 00 0 Rm:5 0 len:2 1 00 Rn:5 Rd:5", "tbx <Vd:B>, <table>, <Vm:B>"),

  // AES and SHA
  AESE(CRYPTO, AES, "01001110 00 10100 00100 10 Rn:5 Rd:5", "aese <Vd:16b>, <Vn:16b>", null),
  AESD(CRYPTO, AES, "01001110 00 10100 00101 10 Rn:5 Rd:5", "aesd <Vd:16b>, <Vn:16b>", null),
  AESMC(CRYPTO, AES, "01001110 00 10100 00110 10 Rn:5 Rd:5", "aesmc <Vd:16b>, <Vn:16b>", null),
  AESIMC(CRYPTO, AES, "01001110 00 10100 00111 10 Rn:5 Rd:5", "aesimc <Vd:16b>, <Vn:16b>", null),
  SHA1C(CRYPTO, SHA1, "01011110 00 0 Rm:5 0 000 00 Rn:5 Rd:5", "sha1c <Qd>, <Sn>, <Vm:4s>", null),
  SHA1P(CRYPTO, SHA1, "01011110 00 0 Rm:5 0 001 00 Rn:5 Rd:5", "sha1p <Qd>, <Sn>, <Vm:4s>", null),
  SHA1M(CRYPTO, SHA1, "01011110 00 0 Rm:5 0 010 00 Rn:5 Rd:5", "sha1m <Qd>, <Sn>, <Vm:4s>", null),
  SHA1SU0(CRYPTO, SHA1, "01011110 00 0 Rm:5 0 011 00 Rn:5 Rd:5", "sha1su0 <Vd:4s>, <Vn:4s>, <Vm:4s>", null),
  SHA256H(CRYPTO, SHA2, "01011110 00 0 Rm:5 0 100 00 Rn:5 Rd:5", "sha256h <Qd>, <Qn>, <Vm:4s>", null),
  SHA256H2(CRYPTO, SHA2, "01011110 00 0 Rm:5 0 101 00 Rn:5 Rd:5", "sha256h2 <Qd>, <Qn>, <Vm:4s>", null),
  SHA256SU1(CRYPTO, SHA2, "01011110 00 0 Rm:5 0 110 00 Rn:5 Rd:5", "sha256su1 <Vd:4s>, <Vn:4s>, <Vm:4s>", null),
  SHA1H(CRYPTO, SHA1, "01011110 00 10100 00000 10 Rn:5 Rd:5", "sha1h <Sd>, <Sn>", null),
  SHA1SU1(CRYPTO, SHA1, "01011110 00 10100 00001 10 Rn:5 Rd:5", "sha1su1 <Vd:4s>, <Vn:4s>", null),
  SHA256SU0(CRYPTO, SHA2, "01011110 00 10100 00010 10 Rn:5 Rd:5", "sha256su0 <Vd:4s>, <Vn:4s>", null);

  private final InsnGroup group;
  private final Feature feature;
  private final String bits;
  private final String syntax;
  private final String exceptions;
  /** Of {@link #bits}; null before somebody asks. */
  private BitPattern pattern;
  /** Of {@link #exceptions}; null before somebody asks. */
  private Unless unless;
  private final int traits;
  private final int mask;
  private final int match;

  Insn(InsnGroup group, String bits, String syntax, Trait... traits) {
    this(group, ownFeature(group), bits, syntax, null, traits);
  }

  Insn(InsnGroup group, String bits, String syntax, String unless, Trait... traits) {
    this(group, ownFeature(group), bits, syntax, unless, traits);
  }

  Insn(InsnGroup group, Feature feature, String bits, String syntax, String unless, Trait... traits) {
    this.group = group;
    this.feature = feature;
    this.syntax = syntax;
    this.bits = bits;
    exceptions = unless;
    long fixed = BitPattern.fixed(bits);
    mask = (int) (fixed >>> 32);
    match = (int) fixed;
    int set = 0;
    for (Trait trait : traits)
      set |= 1 << trait.ordinal();
    this.traits = set;
  }

  private static final Insn[] TABLE = values();

  /** All forms; not to be changed. */
  static Insn[] table() {
    return TABLE;
  }

  private static Feature ownFeature(InsnGroup group) {
    return switch (group) {
      case FP, LOAD_STORE_FP -> Feature.FP;
      case ASIMD, ASIMD_SCALAR, LOAD_STORE_SIMD -> Feature.ASIMD;
      case ATOMIC -> LSE;
      default -> Feature.BASE;
    };
  }

  /** The class of encodings it belongs to. */
  public InsnGroup group() {
    return group;
  }

  /** What an implementation must have for it. */
  public Feature feature() {
    return feature;
  }

  /** The fixed bits. */
  public int mask() {
    return mask;
  }

  /** The values of the fixed bits. */
  public int match() {
    return match;
  }

  /** Whether {@code word} is an allocated encoding of this form. */
  public boolean matches(int word) {
    return (word & mask) == match && (exceptions == null || !unless().holds(word));
  }

  /** The fields, from the most significant down. */
  public Collection<Field> fields() {
    return Collections.unmodifiableCollection(pattern().fields().values());
  }

  /**
   * A field by name.
   *
   * @throws IllegalArgumentException if the form has no such field
   */
  public Field field(String name) {
    Field field = pattern().fields().get(name);
    if (field == null)
      throw new IllegalArgumentException(this + ": no field " + name + ", there are " + pattern().fields().keySet());
    return field;
  }

  /** Whether it has a field of that name. */
  public boolean hasField(String name) {
    return pattern().fields().containsKey(name);
  }

  /** Whether it has the property. */
  public boolean is(Trait trait) {
    return (traits >>> trait.ordinal() & 1) != 0;
  }

  /** Its properties. */
  public Set<Trait> traits() {
    Set<Trait> set = EnumSet.noneOf(Trait.class);
    for (Trait trait : Trait.values())
      if (is(trait))
        set.add(trait);
    return set;
  }

  /** Bits that software should set as given and a processor ignores, as far as they are ones. */
  public int shouldBeOnes() {
    return pattern().shouldBe();
  }

  /** Made when it is asked for first: most forms are never met. Its fields are final, so that threads may race. */
  BitPattern pattern() {
    BitPattern known = pattern;
    if (known == null) {
      known = new BitPattern(bits);
      pattern = known;
    }
    return known;
  }

  private Unless unless() {
    Unless known = unless;
    if (known == null) {
      known = new Unless(exceptions, pattern());
      unless = known;
    }
    return known;
  }

  String syntax() {
    return syntax;
  }

  /** Bits that decide whether a word is unallocated. */
  int conditionBits() {
    return exceptions == null ? 0 : unless().bits();
  }
}
