// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.platform;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.xenolith.hyp.api.HypercallsPort;
import org.xenolith.hyp.api.PlatformOperationsPort;
import org.xenolith.hyp.kit.SubOperation;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.machine.api.ModelDescription;
import org.xenolith.regs.DeviceState;
import org.xenolith.testkit.hyp.FakeDomain;
import org.xenolith.testkit.hyp.FakeHypervisor;
import org.xenolith.xen.abi.CompileInfo;
import org.xenolith.xen.abi.PlatformOp;
import org.xenolith.xen.abi.PlatformSetTime64;
import org.xenolith.xen.abi.XenErrno;

/** Commands of platform_op that several subsystems bring. */
class PlatformCallsTest {
  private static final int CALL = 7;
  private static final int ONE = 49;
  private static final int TWO = 50;

  private final FakeHypervisor hyp = new FakeHypervisor();
  private final FakeDomain dom0 = hyp.dom0(1);

  /** A subsystem with one command, which answers twice its argument's seconds. */
  private record Doubling(int command, boolean broken) implements DeviceModelFactory {
    @Override
    public ModelDescription description() {
      return new ModelDescription("Doubling", "A command", "none");
    }

    @Override
    public DeviceModel create(DeviceContext context) {
      PlatformOperationsPort commands = context.port(PlatformOperationsPort.class);
      commands.claim(context, List.of(SubOperation.of(command, "double", new PlatformSetTime64(), (call, argument, target) -> {
        if (broken) {
          throw new IllegalStateException("bug");
        }
        argument.secs(2 * argument.secs());
        return 0;
      }).answers()));
      return new DeviceModel() {
        private final DeviceState state = new DeviceState();

        @Override
        public DeviceState state() {
          return state;
        }

        @Override
        public void reset() {}

        @Override
        public void removed() {
          commands.release(context);
        }
      };
    }
  }

  private long call(int command, long seconds) {
    long at = dom0.page(0);
    dom0.memory().write32(at, command);
    dom0.memory().write32(at + 4, PlatformOp.XENPF_INTERFACE_VERSION);
    dom0.memory().write64(at + 8, seconds);
    long result = dom0.vcpu(0).call(CALL, at);
    return result == 0 ? dom0.memory().read64(at + 8) : result;
  }

  @Test
  void eachSubsystemBringsCommandsAndTakesOnlyItsOwnAway() {
    hyp.install("platform", new WallClockComponent());
    assertEquals(-XenErrno.XEN_ENOSYS, call(ONE, 21));
    hyp.install("one", new Doubling(ONE, false));
    hyp.install("two", new Doubling(TWO, false));
    assertEquals(42, call(ONE, 21));
    assertEquals(44, call(TWO, 22));
    assertEquals(List.of(ONE, TWO, PlatformOp.XENPF_settime64), hyp.port(HypercallsPort.class).operations(CALL).stream()
        .map(o -> o.number()).toList());
    hyp.remove("one");
    assertEquals(-XenErrno.XEN_ENOSYS, call(ONE, 21));
    assertEquals(44, call(TWO, 22));
    assertEquals(5, call(PlatformOp.XENPF_settime64, 5));
  }

  @Test
  void ofTwoWithTheSameCommandTheLaterOneHasItUntilItGoes() {
    hyp.install("platform", new WallClockComponent());
    hyp.install("one", new Doubling(ONE, false));
    hyp.install("two", new Doubling(ONE, true));
    assertEquals(-XenErrno.XEN_ENOSYS, call(ONE, 21), "it throws");
    assertEquals(42, call(ONE, 21), "and is out");
    assertTrue(hyp.port(HypercallsPort.class).served(CALL), "the others stay");
  }

  @Test
  void commandsWaitForWhoServesTheHypercall() {
    hyp.install("one", new Doubling(ONE, false));
    assertEquals(-XenErrno.XEN_ENOSYS, call(ONE, 21));
    hyp.install("platform", new WallClockComponent());
    assertEquals(42, call(ONE, 21));
    hyp.replace("platform", new WallClockComponent());
    assertEquals(42, call(ONE, 21), "the frame of the new version");
  }

  @Test
  void argumentThatNoFrameHasRoomForIsRefused() {
    String message = assertThrows(IllegalArgumentException.class, () -> new PlatformOperationsPort().claim(null,
        List.of(SubOperation.of(ONE, "large", new CompileInfo(), (call, argument, target) -> 0)))).getMessage();
    assertTrue(message.contains("large: argument of"), message);
  }
}
