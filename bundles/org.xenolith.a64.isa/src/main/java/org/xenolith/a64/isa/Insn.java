package org.xenolith.a64.isa;

import static org.xenolith.a64.isa.Feature.AES;
import static org.xenolith.a64.isa.Feature.LOR;
import static org.xenolith.a64.isa.Feature.LRCPC;
import static org.xenolith.a64.isa.Feature.LSE;
import static org.xenolith.a64.isa.Feature.PMULL;
import static org.xenolith.a64.isa.Feature.RDM;
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
    SBFM(DP_IMM, "sf 00 100110 N immr:6 imms:6 Rn:5 Rd:5", "sbfm <Rd>, <Rn>, <d:immr>, <d:imms>",
            "sf!=N; sf=0 immr>=32; sf=0 imms>=32"),
    BFM(DP_IMM, "sf 01 100110 N immr:6 imms:6 Rn:5 Rd:5", "bfm <Rd>, <Rn>, <d:immr>, <d:imms>",
            "sf!=N; sf=0 immr>=32; sf=0 imms>=32"),
    UBFM(DP_IMM, "sf 10 100110 N immr:6 imms:6 Rn:5 Rd:5", "ubfm <Rd>, <Rn>, <d:immr>, <d:imms>",
            "sf!=N; sf=0 immr>=32; sf=0 imms>=32"),
    EXTR(DP_IMM, "sf 00 100111 N 0 Rm:5 imms:6 Rn:5 Rd:5", "extr <Rd>, <Rn>, <Rm>, <d:imms>", "sf!=N; sf=0 imms>=32"),

    // Branches
    B(InsnGroup.BRANCH, "000101 imm26:26", "b <rel26>", Trait.BRANCH, ENDS_BLOCK),
    BL(InsnGroup.BRANCH, "100101 imm26:26", "bl <rel26>", Trait.BRANCH, ENDS_BLOCK),
    B_COND(InsnGroup.BRANCH, "01010100 imm19:19 0 cond:4", "b.<cond> <rel19>", Trait.BRANCH),
    CBZ(InsnGroup.BRANCH, "sf 0110100 imm19:19 Rt:5", "cbz <Rt>, <rel19>", Trait.BRANCH),
    CBNZ(InsnGroup.BRANCH, "sf 0110101 imm19:19 Rt:5", "cbnz <Rt>, <rel19>", Trait.BRANCH),
    TBZ(InsnGroup.BRANCH, "b5 0110110 b40:5 imm14:14 Rt:5", "tbz <Rt:b5=1>, <bit>, <rel14>", Trait.BRANCH),
    TBNZ(InsnGroup.BRANCH, "b5 0110111 b40:5 imm14:14 Rt:5", "tbnz <Rt:b5=1>, <bit>, <rel14>", Trait.BRANCH),
    BR(InsnGroup.BRANCH, "1101011 0000 11111 000000 Rn:5 00000", "br <Xn>", Trait.BRANCH, ENDS_BLOCK),
    BLR(InsnGroup.BRANCH, "1101011 0001 11111 000000 Rn:5 00000", "blr <Xn>", Trait.BRANCH, ENDS_BLOCK),
    RET(InsnGroup.BRANCH, "1101011 0010 11111 000000 Rn:5 00000", "ret <Xn>", Trait.BRANCH, ENDS_BLOCK),
    ERET(InsnGroup.BRANCH, "1101011 0100 11111 000000 11111 00000", "eret", Trait.BRANCH, ENDS_BLOCK, PRIVILEGED),
    DRPS(InsnGroup.BRANCH, "1101011 0101 11111 000000 11111 00000", "drps", Trait.BRANCH, ENDS_BLOCK, PRIVILEGED),
    // Exception generation
    SVC(EXCEPTION, "11010100 000 imm16:16 000 01", "svc <x:imm16>", ENDS_BLOCK),
    HVC(EXCEPTION, "11010100 000 imm16:16 000 10", "hvc <x:imm16>", ENDS_BLOCK, PRIVILEGED),
    SMC(EXCEPTION, "11010100 000 imm16:16 000 11", "smc <x:imm16>", ENDS_BLOCK, PRIVILEGED),
    BRK(EXCEPTION, "11010100 001 imm16:16 000 00", "brk <x:imm16>", ENDS_BLOCK),
    HLT(EXCEPTION, "11010100 010 imm16:16 000 00", "hlt <x:imm16>", ENDS_BLOCK),
    DCPS1(EXCEPTION, "11010100 101 imm16:16 000 01", "dcps1<xopt:imm16>", ENDS_BLOCK, PRIVILEGED),
    DCPS2(EXCEPTION, "11010100 101 imm16:16 000 10", "dcps2<xopt:imm16>", ENDS_BLOCK, PRIVILEGED),
    DCPS3(EXCEPTION, "11010100 101 imm16:16 000 11", "dcps3<xopt:imm16>", ENDS_BLOCK, PRIVILEGED),
    // System
    HINT(SYSTEM, "1101010100 0 00 011 0010 CRm:4 op2:3 11111", "hint <hint>"),
    CLREX(SYSTEM, "1101010100 0 00 011 0011 CRm:4 010 11111", "clrex<clrex>"),
    DSB(SYSTEM, "1101010100 0 00 011 0011 CRm:4 100 11111", "dsb <barrier>"),
    DMB(SYSTEM, "1101010100 0 00 011 0011 CRm:4 101 11111", "dmb <barrier>"),
    ISB(SYSTEM, "1101010100 0 00 011 0011 CRm:4 110 11111", "isb<isb>", ENDS_BLOCK),
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

    // MORE
    ;

    private final InsnGroup group;
    private final Feature feature;
    private final BitPattern pattern;
    private final String syntax;
    private final Unless unless;
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
        pattern = new BitPattern(bits);
        mask = pattern.mask();
        match = pattern.match();
        this.unless = unless == null ? null : new Unless(unless, pattern);
        int set = 0;
        for (Trait trait : traits)
            set |= 1 << trait.ordinal();
        this.traits = set;
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
        return (word & mask) == match && (unless == null || !unless.holds(word));
    }

    /** The fields, from the most significant down. */
    public Collection<Field> fields() {
        return Collections.unmodifiableCollection(pattern.fields().values());
    }

    /**
     * A field by name.
     *
     * @throws IllegalArgumentException if the form has no such field
     */
    public Field field(String name) {
        Field field = pattern.fields().get(name);
        if (field == null)
            throw new IllegalArgumentException(this + ": no field " + name + ", there are " + pattern.fields().keySet());
        return field;
    }

    /** Whether it has a field of that name. */
    public boolean hasField(String name) {
        return pattern.fields().containsKey(name);
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
        return pattern.shouldBe();
    }

    String syntax() {
        return syntax;
    }

    /** Bits that decide whether a word is unallocated. */
    int conditionBits() {
        return unless == null ? 0 : unless.bits();
    }
}
