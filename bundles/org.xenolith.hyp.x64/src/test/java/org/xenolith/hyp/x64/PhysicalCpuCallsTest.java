// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.x64;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.xenolith.hyp.api.AccessControl.Privilege;
import org.xenolith.hyp.api.FramedOperation;
import org.xenolith.hyp.api.PlatformOperationsPort;
import org.xenolith.testkit.FakeContext;
import org.xenolith.testkit.FakeNode;
import org.xenolith.testkit.hyp.FakeHypercall;
import org.xenolith.testkit.hyp.FakeHypervisor;
import org.xenolith.testkit.hyp.FakeX64Cpu;
import org.xenolith.xen.abi.AbiBytes;
import org.xenolith.xen.abi.HypercallNumber;
import org.xenolith.xen.abi.PlatformCpuInfo;
import org.xenolith.xen.abi.PlatformOp;

/** What the hardware domain is told of the machine's CPUs. */
class PhysicalCpuCallsTest {
  /** A CPU whose local APIC has another number than it itself. */
  private static final class NumberedCpu extends FakeX64Cpu {
    private final int apicId;

    NumberedCpu(int apicId) {
      this.apicId = apicId;
    }

    @Override
    public int apicId() {
      return apicId;
    }
  }

  private final PlatformOperationsPort commands = new PlatformOperationsPort();
  private final FakeContext owner = new FakeContext(FakeNode.at("/hypervisor").build());
  private final FakeHypercall call = new FakeHypercall(new FakeHypervisor().dom0(1).vcpu(0), HypercallNumber.__HYPERVISOR_platform_op);
  private final PlatformCpuInfo info = new PlatformCpuInfo();

  PhysicalCpuCallsTest() {
    new PhysicalCpuCalls(List.of(new NumberedCpu(6), new NumberedCpu(9))).claim(commands, owner);
  }

  private String info(int number) {
    AbiBytes frame = new AbiBytes(new byte[PlatformCpuInfo.SIZE]);
    info.at(frame, 0);
    info.xenCpuid(number);
    info.apicId(77);
    info.acpiId(88);
    FramedOperation operation = commands.find(PlatformOp.XENPF_get_cpuinfo);
    operation.argument().at(frame, 0);
    assertEquals(0, commands.serve(PlatformOp.XENPF_get_cpuinfo, call));
    return "%d of 0 to %d: flags %d, apic %d, acpi %d".formatted(info.xenCpuid(), info.maxPresent(), info.flags(), info.apicId(), info
        .acpiId());
  }

  @Test
  void everyCpuIsOnlineAndHasTheNumbersOfTheTables() {
    assertEquals("0 of 0 to 1: flags 1, apic 6, acpi 0", info(0));
    assertEquals("1 of 0 to 1: flags 1, apic 9, acpi 1", info(1));
  }

  @Test
  void aCpuThatThereIsNotIsSaidToBeNone() {
    assertEquals("2 of 0 to 1: flags 2, apic 77, acpi 88", info(2));
    assertEquals("-1 of 0 to 1: flags 2, apic 77, acpi 88", info(-1));
  }

  @Test
  void itIsTheHardwareDomainsAndAnsweredWhole() {
    FramedOperation operation = commands.find(PlatformOp.XENPF_get_cpuinfo);
    assertEquals(Privilege.HARDWARE, operation.privilege());
    assertEquals(PlatformCpuInfo.SIZE, operation.answerBytes());
    commands.release(owner);
    assertNull(commands.find(PlatformOp.XENPF_get_cpuinfo));
  }
}
