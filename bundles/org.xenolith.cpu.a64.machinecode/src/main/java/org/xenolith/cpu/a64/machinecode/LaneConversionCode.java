// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.a64.machinecode;

import static org.xenolith.a64.isa.Fields.q;
import static org.xenolith.a64.isa.Fields.rd;
import static org.xenolith.a64.isa.Fields.rn;
import static org.xenolith.cpu.a64.machinecode.FloatLaneCode.scalar;
import static org.xenolith.cpu.a64.machinecode.FloatLaneCode.wide;
import static org.xenolith.cpu.a64.machinecode.VectorRegisters.place;
import static org.xenolith.cpu.a64.machinecode.VectorRegisters.whole;

import org.xenolith.a64.isa.Insn;
import org.xenolith.hostcode.kit.X64;

/**
 * Code of conversions of lanes, between precisions of floating point and from and to integers, by the rules of {@link FloatLaneCode}. Source: Arm
 * ARM DDI 0487, C7.2; Intel SDM, volume 2.
 */
final class LaneConversionCode implements CodeTable.Emitter {
  private static final int LONG = 0;
  private static final int NARROW = 1;
  private static final int FROM_INTEGERS = 2;
  private static final int TO_INTEGERS = 3;
  /** CVTPS2PD, CVTPD2PS, CVTDQ2PS, CVTTPS2DQ. */
  private static final int CONVERT = 0x0F5A;
  private static final int FROM_INTEGERS32 = 0x0F5B;
  private static final int TO_INTEGERS32 = 0xF3_0F5B;
  /** CVTSI2SD, CVTTSD2SI. */
  private static final int FROM_INTEGER = 0xF2_0F2A;
  private static final int TO_INTEGER = 0xF2_0F2C;

  private final X64 code;
  private final X64Vectors vectors;
  private final VectorRegisters registers;
  private final SideExits leaving;
  private final FloatLaneCode lanes;

  LaneConversionCode(X64 code, X64Vectors vectors, VectorRegisters registers, SideExits leaving, FloatLaneCode lanes) {
    this.code = code;
    this.vectors = vectors;
    this.registers = registers;
    this.leaving = leaving;
    this.lanes = lanes;
  }

  /** Adds what there is code for. */
  void addTo(CodeTable table) {
    table.put(this, LONG, Insn.FCVTL);
    table.put(this, NARROW, Insn.FCVTN);
    table.put(this, FROM_INTEGERS, Insn.SCVTF_VEC, Insn.UCVTF_VEC, Insn.SCVTF_SCALAR, Insn.UCVTF_SCALAR);
    table.put(this, TO_INTEGERS, Insn.FCVTZS_VEC, Insn.FCVTZS_SCALAR);
  }

  @Override
  public boolean covers(int operation, int word) {
    // Not between single and half precision.
    return operation != LONG && operation != NARROW || wide(word);
  }

  @Override
  public void emit(int operation, int word, int at) {
    registers.needNumbers();
    switch (operation) {
      case LONG -> lengthen(word);
      case NARROW -> narrow(word);
      case FROM_INTEGERS -> {
        fromIntegers(word);
        registers.set(rd(word), whole(word));
      }
      default -> {
        toIntegers(word);
        registers.set(rd(word), whole(word));
      }
    }
  }

  private void lengthen(int word) {
    vectors.memory(CONVERT, 0, place(rn(word)) + (q(word) ? 8 : 0));
    lanes.check(true, false);
    registers.set(rd(word), true);
  }

  private void narrow(int word) {
    vectors.memory(0x66_0000 | CONVERT, 0, place(rn(word)));
    lanes.check(false, true);
    if (q(word)) {
      vectors.registers(X64Vectors.LOAD, 1, 0);
      vectors.memory(X64Vectors.LOAD_LOW, 0, place(rd(word)));
      vectors.registers(X64Vectors.LOW_HALVES, 0, 1);
    }
    registers.set(rd(word), q(word));
  }

  /** What has the highest bit is another number if it is unsigned. */
  private void fromIntegers(int word) {
    boolean unsigned = (word & 1 << 29) != 0;
    if (wide(word)) {
      for (int lane = whole(word) ? 1 : 0; lane >= 0; lane--) {
        code.load(true, X64.RAX, X64.RBP, place(rn(word)) + 8 * lane);
        if (unsigned) {
          code.test(true, X64.RAX, X64.RAX);
          leaving.interpretIf(X64.S);
        }
        vectors.zero(lane);
        vectors.general(FROM_INTEGER, true, lane, X64.RAX);
      }
      if (whole(word)) {
        vectors.registers(X64Vectors.LOW_HALVES, 0, 1);
      }
      return;
    }
    if (scalar(word)) {
      vectors.memory(X64Vectors.LOAD_WORD, 2, place(rn(word)));
    } else {
      lanes.load(2, rn(word), word);
    }
    if (unsigned) {
      lanes.leaveIfAny(0);
    }
    vectors.registers(FROM_INTEGERS32, 0, 2);
  }

  /** Toward zero. The least integer stands for what can't be converted, too. */
  private void toIntegers(int word) {
    if (wide(word)) {
      for (int lane = whole(word) ? 1 : 0; lane >= 0; lane--) {
        vectors.memory(X64Vectors.LOAD_LOW, 1, place(rn(word)) + 8 * lane);
        vectors.general(TO_INTEGER, true, X64.RAX, 1);
        code.move(true, X64.RCX, X64.RAX);
        code.arithmeticConstant(X64.SUB, true, X64.RCX, 1);
        leaving.interpretIf(X64.O);
        if (lane == 1) {
          vectors.fromGeneral(true, 2, X64.RAX);
        } else {
          vectors.fromGeneral(true, 0, X64.RAX);
        }
      }
      if (whole(word)) {
        vectors.registers(X64Vectors.LOW_HALVES, 0, 2);
      }
      return;
    }
    if (scalar(word)) {
      vectors.memory(X64Vectors.LOAD_WORD, 1, place(rn(word)));
    } else {
      lanes.load(1, rn(word), word);
    }
    vectors.registers(TO_INTEGERS32, 0, 1);
    vectors.constant(2, 0x8000_0000_8000_0000L);
    vectors.registers(X64Vectors.EQUAL32, 2, 0);
    lanes.leaveIfAny(0);
  }
}
