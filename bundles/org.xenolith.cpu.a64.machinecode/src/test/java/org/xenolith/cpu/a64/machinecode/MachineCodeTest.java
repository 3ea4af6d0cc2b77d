// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.a64.machinecode;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.xenolith.a64.arch.Cpu;
import org.xenolith.a64.graph.Interpreter;
import org.xenolith.a64.isa.Insn;
import org.xenolith.a64.isa.InsnGroup;
import org.xenolith.hostcode.kit.HostFeatures;
import org.xenolith.testkit.a64.CallingGuest;
import org.xenolith.testkit.a64.ChangingGuest;
import org.xenolith.testkit.a64.DeviceGuest;
import org.xenolith.testkit.a64.EngineComparison;
import org.xenolith.testkit.a64.GuestCount;
import org.xenolith.testkit.a64.RandomGuest;
import org.xenolith.testkit.a64.StraightGuest;
import org.xenolith.testkit.a64.TameGuest;

/**
 * Machine code comes to the same state as the interpreter, instruction by instruction. {@code -Dxenolith.guests=N} and
 * {@code -Dxenolith.firstGuest=SEED} run others.
 */
class MachineCodeTest {
  /** What code keeps in registers of the host's from one to the next, and few others. */
  private static final Set<Insn> DEPENDENT = EnumSet.of(Insn.ADD_VEC, Insn.SUB_VEC, Insn.EOR_VEC, Insn.ORR_VEC, Insn.BSL_VEC,
      Insn.CMGT_VEC, Insn.MUL_VEC, Insn.USHR_VEC_IMM, Insn.SHL_VEC_IMM, Insn.USRA_VEC_IMM, Insn.XTN, Insn.ADD_SHIFTED, Insn.EXTR,
      Insn.INS_GENERAL);

  static boolean covered(Insn insn) {
    return switch (insn.group()) {
      case DP_IMM, DP_REG, LOAD_STORE, LOAD_STORE_FP, LOAD_STORE_SIMD, ASIMD, ASIMD_SCALAR, CRYPTO, FP -> true;
      case EXCLUSIVE -> insn == Insn.LDAR || insn == Insn.STLR || insn == Insn.LDXR || insn == Insn.STXR;
      default -> false;
    };
  }

  private static boolean onVectors(Insn insn) {
    return switch (insn.group()) {
      case LOAD_STORE_FP, LOAD_STORE_SIMD, ASIMD, ASIMD_SCALAR, CRYPTO, FP -> true;
      default -> false;
    };
  }

  @Test
  void guestsInLoopsComeToTheSameState() {
    compare(() -> new TameGuest(MachineCodeTest::covered), 150, 3000);
  }

  @Test
  void eachFormOfAnInstructionOnVectorsComesToTheSameState() {
    compare(() -> new StraightGuest(MachineCodeTest::onVectors), 40, 2000);
  }

  @Test
  void lanesThatDependOnEachOtherComeToTheSameState() {
    compare(() -> new StraightGuest(DEPENDENT::contains), 20, 2000);
  }

  @Test
  void guestsOnTheirDeviceComeToTheSameState() {
    compare(() -> new DeviceGuest(insn -> insn.group() == InsnGroup.LOAD_STORE), 60, 1000);
  }

  @Test
  void checksumsAndComparisonsUnderAConditionComeToTheSameState() {
    compare(() -> new CountedGuest(Insn.CRC32, Insn.CRC32C, Insn.FCCMP, Insn.FCCMPE, Insn.FCMP), 10, 1000);
  }

  @Test
  void guestsThatCallComeToTheSameState() {
    compare(() -> new CallingGuest(MachineCodeTest::covered), 100, 4000);
  }

  @Test
  void anyGuestComesToTheSameState() {
    compare(() -> RandomGuest.Shape.NONE, 60, 300);
  }

  @Test
  void guestsThatChangeThemselvesComeToTheSameState() {
    compare(() -> new ChangingGuest(MachineCodeTest::covered), 40, 2000);
  }

  @Test
  void guestsOfAHostThatCanDoLittleComeToTheSameState() {
    for (Supplier<RandomGuest.Shape> shape : List.<Supplier<RandomGuest.Shape>>of(() -> new TameGuest(MachineCodeTest::covered),
        () -> new StraightGuest(MachineCodeTest::onVectors), () -> new CallingGuest(MachineCodeTest::covered))) {
      new EngineComparison(Interpreter::on, cpu -> new MachineCodeEngine(cpu.as(Cpu.class), null, HostFeatures::least), shape).compare(Long
          .getLong("xenolith.firstGuest", 1), GuestCount.of(15), 4, 2000);
    }
  }

  @Test
  void lockstepFindsNoDifference() {
    for (Supplier<RandomGuest.Shape> shape : List.<Supplier<RandomGuest.Shape>>of(() -> new TameGuest(MachineCodeTest::covered),
        () -> new CallingGuest(MachineCodeTest::covered), () -> new ChangingGuest(MachineCodeTest::covered),
        () -> new DeviceGuest(insn -> insn.group() == InsnGroup.LOAD_STORE), () -> RandomGuest.Shape.NONE)) {
      new EngineComparison(Interpreter::on, cpu -> new MachineCodeLockstep(cpu.as(Cpu.class), null), shape).compare(Long.getLong(
          "xenolith.firstGuest", 1), GuestCount.of(10), 4, 1000);
    }
  }

  private static void compare(Supplier<RandomGuest.Shape> shape, int guests, int length) {
    new EngineComparison(Interpreter::on, cpu -> new MachineCodeEngine(cpu.as(Cpu.class), null), shape).compare(Long.getLong(
        "xenolith.firstGuest",
        1), GuestCount.of(guests), 4, length);
  }
}
