// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.a64.regions;

import org.xenolith.a64.arch.Cpu;
import org.xenolith.a64.arch.Operations;
import org.xenolith.a64.arch.SysReg;
import org.xenolith.a64.isa.Fields;
import org.xenolith.a64.isa.Insn;
import org.xenolith.a64.isa.InsnGroup;

/** Which instructions regions hold, and what of the CPU they use. Direct branches are {@link Flow}'s. */
final class Translated {
  private Translated() {}

  /** Whether there is code for it. */
  static boolean covers(Insn insn, int word) {
    return switch (insn.group()) {
      case DP_IMM -> true;
      case DP_REG -> insn != Insn.CRC32 && insn != Insn.CRC32C;
      case LOAD_STORE -> switch (insn) {
        case STTR, LDTR, LDTRS -> false;
        default -> true;
      };
      case LOAD_STORE_FP -> insn != Insn.LDR_FP_LITERAL && vectorSize(insn, word) >= 2;
      case FP, ASIMD, ASIMD_SCALAR, CRYPTO -> true;
      case EXCLUSIVE -> ordered(insn);
      case SYSTEM -> switch (insn) {
        case HINT -> {
          int number = word >>> 5 & 127;
          yield number < 2 || number > 5;
        }
        case DSB, DMB, ISB -> true;
        case MRS -> systemRegister(word) != null;
        case SYS -> Fields.systemRegister(word) == Operations.DC_ZVA;
        default -> false;
      };
      default -> false;
    };
  }

  /** The system register that MRS reads if it may be read without asking, at its level and above; else null. */
  static SysReg systemRegister(int word) {
    SysReg reg = SysReg.of(Fields.systemRegister(word));
    return reg == null ? null : switch (reg) {
      case SP_EL0, TPIDR_EL1, TPIDR_EL0, TPIDRRO_EL0, ELR_EL1, SPSR_EL1 -> reg;
      default -> null;
    };
  }

  /** Size of a vector load or store as a power of two of bytes. */
  private static int vectorSize(Insn insn, int word) {
    return switch (insn) {
      case LDP_FP_OFFSET, LDP_FP_POST, LDP_FP_PRE, LDNP_FP, STP_FP_OFFSET, STP_FP_POST, STP_FP_PRE, STNP_FP -> Fields.size(word) + 2;
      default -> Fields.size(word) + ((word & 1 << 23) != 0 ? 4 : 0);
    };
  }

  /** Whether it does nothing that code is needed for. */
  static boolean nothing(Insn insn) {
    return switch (insn) {
      case HINT, DSB, DMB, ISB, PRFM_LITERAL, PRFUM, PRFM_REG, PRFM_IMM_UNSIGNED -> true;
      default -> false;
    };
  }

  /** Whether it is on vector registers, which must not trap. */
  static boolean vector(Insn insn) {
    return switch (insn.group()) {
      case FP, ASIMD, ASIMD_SCALAR, CRYPTO, LOAD_STORE_FP -> true;
      default -> false;
    };
  }

  /** Whether the interpreter's node of it is called: what of FP and SIMD has no code. */
  static boolean called(Insn insn) {
    return vector(insn) && insn.group() != InsnGroup.LOAD_STORE_FP && !VectorArithmetic.covers(insn) && !FloatArithmetic.covers(insn);
  }

  /** Whether what was written to registers before it must be where the interpreter has them. */
  static boolean looks(Insn insn) {
    return mayLeave(insn) || called(insn);
  }

  /** Whether the region may be left before it because it needs more than there is code for. */
  static boolean mayLeave(Insn insn) {
    return touches(insn) || insn == Insn.MRS;
  }

  /** Whether it is one of the loads and stores of one register that must be aligned. */
  static boolean ordered(Insn insn) {
    return switch (insn) {
      case LDAR, STLR, LDXR, LDAXR, STXR, STLXR -> true;
      default -> false;
    };
  }

  /** Whether it loads or stores. */
  static boolean memory(Insn insn) {
    return ordered(insn) || (insn.group() == InsnGroup.LOAD_STORE || insn.group() == InsnGroup.LOAD_STORE_FP) && !nothing(insn);
  }

  /** Whether it accesses memory, as a load or store or to clear a block of it (DC ZVA, the only SYS there is code for). */
  static boolean touches(Insn insn) {
    return memory(insn) || insn == Insn.SYS;
  }

  /** Whether it writes memory. */
  static boolean stores(Insn insn) {
    return switch (insn) {
      case STP_OFFSET, STP_POST, STP_PRE, STNP, STR_REG, STR_IMM_UNSIGNED, STUR, STR_IMM_POST, STR_IMM_PRE, STLR, STXR, STLXR,
          STR_FP_IMM_UNSIGNED, STUR_FP, STR_FP_IMM_POST, STR_FP_IMM_PRE, STR_FP_REG, STP_FP_OFFSET, STP_FP_POST, STP_FP_PRE,
          STNP_FP -> true;
      default -> false;
    };
  }

  /** Whether it is a load or store of two general registers. */
  static boolean pair(Insn insn) {
    return switch (insn) {
      case LDP_OFFSET, LDP_POST, LDP_PRE, LDNP, STP_OFFSET, STP_POST, STP_PRE, STNP, LDPSW_OFFSET, LDPSW_POST, LDPSW_PRE -> true;
      default -> false;
    };
  }

  /** Bytes of bytecode, about. */
  static int cost(Insn insn) {
    if (nothing(insn)) {
      return 0;
    }
    return touches(insn) ? pair(insn) ? 100 : 70 : switch (insn) {
      case CCMN_REG, CCMP_REG, CCMN_IMM, CCMP_IMM, ADCS, SBCS -> 50;
      default -> VectorArithmetic.covers(insn) ? 60 : vector(insn) ? 40 : 22;
    };
  }

  // ---- General registers, a bit each; 31 is SP

  /** Registers that it reads. */
  static long read(Insn insn, int word) {
    if (nothing(insn)) {
      return 0;
    }
    return switch (insn.group()) {
      case DP_IMM -> switch (insn) {
        case ADR, ADRP, MOVZ, MOVN -> 0;
        case MOVK -> plain(Fields.rd(word), false);
        case BFM -> plain(Fields.rd(word), false) | plain(Fields.rn(word), false);
        case EXTR -> plain(Fields.rn(word), false) | plain(Fields.rm(word), false);
        default -> plain(Fields.rn(word), stackSource(insn));
      };
      case DP_REG -> plain(Fields.rn(word), stackSource(insn)) | switch (insn) {
        case RBIT, REV16, REV32, REV64, CLZ, CLS, CCMN_IMM, CCMP_IMM -> 0;
        case MADD, MSUB, SMADDL, SMSUBL, UMADDL, UMSUBL -> plain(Fields.rm(word), false) | plain(Fields.ra(word), false);
        default -> plain(Fields.rm(word), false);
      };
      case LOAD_STORE -> switch (insn) {
        case LDR_LITERAL, LDRSW_LITERAL -> 0;
        case LDR_REG, LDRS_REG -> 1L << Fields.rn(word) | plain(Fields.rm(word), false);
        case STR_REG -> 1L << Fields.rn(word) | plain(Fields.rm(word), false) | plain(Fields.rt(word), false);
        case STP_OFFSET, STP_POST, STP_PRE, STNP -> 1L << Fields.rn(word) | plain(Fields.rt(word), false) | plain(Fields.rt2(word), false);
        case STR_IMM_UNSIGNED, STUR, STR_IMM_POST, STR_IMM_PRE -> 1L << Fields.rn(word) | plain(Fields.rt(word), false);
        default -> 1L << Fields.rn(word);
      };
      case EXCLUSIVE -> 1L << Fields.rn(word) | (!stores(insn) ? 0 : plain(Fields.rt(word), false));
      case LOAD_STORE_FP -> switch (insn) {
        case LDR_FP_REG, STR_FP_REG -> 1L << Fields.rn(word) | plain(Fields.rm(word), false);
        default -> 1L << Fields.rn(word);
      };
      case BRANCH -> switch (insn) {
        case B, BL, B_COND -> 0;
        case BR, BLR, RET -> plain(Fields.rn(word), false);
        default -> plain(Fields.rt(word), false);
      };
      default -> switch (insn) {
        case DUP_GENERAL, INS_GENERAL, FMOV_FROM_GENERAL, FMOV_FROM_GENERAL_HIGH, SCVTF_INT, UCVTF_INT ->
            plain(Fields.rn(word), false);
        case SYS -> plain(Fields.rt(word), false);
        // Called nodes read what was written through.
        default -> 0;
      };
    };
  }

  /** Registers that it reads more than 32 bits of. */
  static long readWide(Insn insn, int word) {
    long read = read(insn, word);
    return switch (insn.group()) {
      case DP_IMM -> Fields.sf(word) ? read : 0;
      case DP_REG -> !Fields.sf(word) ? 0 : switch (insn) {
        case ADD_EXTENDED, SUB_EXTENDED, ADDS_EXTENDED, SUBS_EXTENDED -> plain(Fields.rn(word), stackSource(insn)) | index(word);
        case SMADDL, SMSUBL, UMADDL, UMSUBL -> plain(Fields.ra(word), false);
        default -> read;
      };
      case LOAD_STORE -> switch (insn) {
        case LDR_LITERAL, LDRSW_LITERAL -> 0;
        case LDR_REG, LDRS_REG -> 1L << Fields.rn(word) | index(word);
        case STR_REG -> Fields.size(word) == 3 ? read : 1L << Fields.rn(word) | index(word);
        case STP_OFFSET, STP_POST, STP_PRE, STNP -> Fields.sf(word) ? read : 1L << Fields.rn(word);
        default -> Fields.size(word) == 3 ? read : 1L << Fields.rn(word);
      };
      case BRANCH -> switch (insn) {
        case CBZ, CBNZ -> Fields.sf(word) ? read : 0;
        case TBZ, TBNZ -> Fields.testBit(word) > 31 ? read : 0;
        default -> read;
      };
      default -> read;
    };
  }

  /** The index or extended operand, if all 64 bits of it count. */
  private static long index(int word) {
    return (Fields.option(word) & 3) == 3 ? plain(Fields.rm(word), false) : 0;
  }

  /** Registers that it writes. */
  static long written(Insn insn, int word) {
    if (nothing(insn)) {
      return 0;
    }
    return switch (insn.group()) {
      case DP_IMM -> plain(Fields.rd(word), stackTarget(insn));
      case DP_REG -> switch (insn) {
        case CCMN_REG, CCMP_REG, CCMN_IMM, CCMP_IMM -> 0;
        default -> plain(Fields.rd(word), stackTarget(insn));
      };
      case SYSTEM -> insn == Insn.MRS ? plain(Fields.rt(word), false) : 0;
      case LOAD_STORE -> (!stores(insn) ? plain(Fields.rt(word), false) | (pair(insn) ? plain(Fields.rt2(word), false) : 0) : 0)
          | (writesBack(insn) ? 1L << Fields.rn(word) : 0);
      case EXCLUSIVE -> switch (insn) {
        case STXR, STLXR -> plain(Fields.rs(word), false);
        default -> !stores(insn) ? plain(Fields.rt(word), false) : 0;
      };
      case LOAD_STORE_FP -> writesBack(insn) ? 1L << Fields.rn(word) : 0;
      case BRANCH -> insn == Insn.BL || insn == Insn.BLR ? 1L << 30 : 0;
      default -> bit(generalTarget(insn, word));
    };
  }

  private static boolean writesBack(Insn insn) {
    return switch (insn) {
      case LDR_IMM_POST, LDR_IMM_PRE, LDRS_IMM_POST, LDRS_IMM_PRE, STR_IMM_POST, STR_IMM_PRE, LDP_POST, LDP_PRE, STP_POST, STP_PRE,
          LDPSW_POST, LDPSW_PRE, LDR_FP_IMM_POST, LDR_FP_IMM_PRE, STR_FP_IMM_POST, STR_FP_IMM_PRE, LDP_FP_POST, LDP_FP_PRE,
          STP_FP_POST, STP_FP_PRE -> true;
      default -> false;
    };
  }

  private static long plain(int number, boolean stack) {
    return number == 31 && !stack ? 0 : 1L << number;
  }

  private static long bit(int register) {
    return register >= 31 ? 0 : 1L << register;
  }

  private static boolean stackTarget(Insn insn) {
    return switch (insn) {
      case ADD_IMM, SUB_IMM, AND_IMM, ORR_IMM, EOR_IMM, ADD_EXTENDED, SUB_EXTENDED -> true;
      default -> false;
    };
  }

  private static boolean stackSource(Insn insn) {
    return switch (insn) {
      case ADD_IMM, SUB_IMM, ADDS_IMM, SUBS_IMM, ADD_EXTENDED, SUB_EXTENDED, ADDS_EXTENDED, SUBS_EXTENDED -> true;
      default -> false;
    };
  }

  // ---- Between general and vector registers


  /** The general register that an instruction on vector registers writes; {@link Cpu#SINK} if none. */
  static int generalTarget(Insn insn, int word) {
    return switch (insn) {
      case FMOV_TO_GENERAL, FMOV_TO_GENERAL_HIGH, UMOV, SMOV, FCVTZS_INT_FIXED, FCVTZU_INT_FIXED, FCVTNS_INT, FCVTNU_INT,
          FCVTAS_INT, FCVTAU_INT, FCVTPS_INT, FCVTPU_INT, FCVTMS_INT, FCVTMU_INT, FCVTZS_INT, FCVTZU_INT ->
          Operands.target(Fields.rd(word));
      default -> Cpu.SINK;
    };
  }

  /** Whether a called instruction sets flags, or reads them: they must be in the CPU. */
  static boolean flags(Insn insn) {
    return switch (insn) {
      case FCCMP, FCCMPE -> true;
      default -> false;
    };
  }
}
