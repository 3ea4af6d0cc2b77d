// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.efi;

import java.util.HashMap;
import java.util.Map;
import org.xenolith.efi.api.DescribedFirmware;
import org.xenolith.efi.api.FirmwareDescription;
import org.xenolith.efi.api.FirmwareDescriptionPort;
import org.xenolith.efi.api.FirmwareNode;
import org.xenolith.efi.api.RuntimeServicesPort;
import org.xenolith.efi.api.VariableName;
import org.xenolith.hyp.api.FramedOperation;
import org.xenolith.hyp.api.Hypercall;
import org.xenolith.hyp.api.HypercallsPort;
import org.xenolith.hyp.api.PlatformOperationsPort;
import org.xenolith.platform.api.PlatformNode;
import org.xenolith.testkit.FakeNode;
import org.xenolith.testkit.hyp.FakeDomain;
import org.xenolith.testkit.hyp.FakeHypervisor;
import org.xenolith.xen.abi.AbiBytes;
import org.xenolith.xen.abi.HypercallNumber;
import org.xenolith.xen.abi.PlatformArgument;
import org.xenolith.xen.abi.PlatformEfiCall;
import org.xenolith.xen.abi.PlatformFirmwareInfo;
import org.xenolith.xen.abi.PlatformOp;
import org.xenolith.xen.abi.XenErrno;

/**
 * Dom0 on a platform with EFI firmware, and frames that are copied as platform_op's are; who really serves platform_op, and refuses other
 * domains, is another bundle's, and met in tests with OSGi.
 */
final class EfiStand {
  /** Nobody has memory there. */
  static final long NOWHERE = 0x10;
  static final PlatformNode NODE = FakeNode.at(FirmwareNode.PATH).compatible(FirmwareNode.COMPATIBLE).build();
  private static final int FRAME = 0;

  final FakeHypervisor hyp;
  final ScriptedServices services = new ScriptedServices();
  final PlatformEfiCall op = new PlatformEfiCall();
  final PlatformFirmwareInfo info = new PlatformFirmwareInfo();
  FakeDomain dom0;
  private final byte[] frame = new byte[PlatformArgument.SIZE];

  EfiStand(PlatformNode node, String... options) {
    Map<String, String> set = new HashMap<>();
    for (int i = 0; i < options.length; i += 2) {
      set.put(options[i], options[i + 1]);
    }
    hyp = new FakeHypervisor(1, set);
    if (node != null) {
      hyp.beside(node);
    }
    hyp.install("efi", new EfiCallsComponent());
    hyp.port(HypercallsPort.class).claim(HypercallNumber.__HYPERVISOR_platform_op, this::serve, hyp.context("efi"));
    runtimePort().attach(services, hyp.context("efi"));
    build();
  }

  EfiStand() {
    this(NODE);
  }

  /** Builds Dom0, in the place of the one before. */
  void build() {
    if (dom0 != null) {
      hyp.destroy(dom0);
    }
    dom0 = hyp.dom0(1);
    op.at(dom0.memory(), dom0.page(FRAME) + PlatformArgument.ARGUMENT);
    info.at(dom0.memory(), dom0.page(FRAME) + PlatformArgument.ARGUMENT);
    services.calls.clear();
  }

  private long serve(Hypercall call) {
    PlatformOperationsPort commands = hyp.port(PlatformOperationsPort.class);
    call.read(call.argument(0), frame, 0, frame.length);
    AbiBytes bytes = new AbiBytes(frame);
    FramedOperation operation = commands.find(bytes.read32(0));
    if (operation == null) {
      return -XenErrno.XEN_ENOSYS;
    }
    operation.argument().at(bytes, PlatformArgument.ARGUMENT);
    long result = commands.serve(bytes.read32(0), call);
    int from = PlatformArgument.ARGUMENT + operation.answerFrom();
    if (operation.answersAt(result)) {
      call.write(call.argument(0) + from, frame, from, operation.answerBytes());
    }
    return result;
  }

  RuntimeServicesPort runtimePort() {
    return hyp.context("efi").port(FirmwareNode.PATH, RuntimeServicesPort.class);
  }

  /** Firmware that tells this of itself. */
  void describe(FirmwareDescription description) {
    DescribedFirmware firmware = () -> description;
    hyp.context("efi").port(FirmwareNode.PATH, FirmwareDescriptionPort.class).attach(firmware, hyp.context("efi"));
  }

  /** An argument of zeros but for a function and its bits. */
  EfiStand function(int function, int misc) {
    op.zero();
    op.function(function);
    op.misc(misc);
    return this;
  }

  /** An argument of zeros but for an index of EFI's. */
  EfiStand index(int index) {
    info.zero();
    info.type(4);
    info.index(index);
    return this;
  }

  /** Calls the function whose argument is in {@link #op}. */
  long call() {
    return call(PlatformOp.XENPF_efi_runtime_call);
  }

  /** Asks for what {@link #info} says. */
  long ask() {
    return call(PlatformOp.XENPF_firmware_info);
  }

  private long call(int command) {
    dom0.memory().write32(dom0.page(FRAME), command);
    dom0.memory().write32(dom0.page(FRAME) + 4, PlatformOp.XENPF_INTERFACE_VERSION);
    return dom0.vcpu(0).call(HypercallNumber.__HYPERVISOR_platform_op, dom0.page(FRAME));
  }

  /** Writes a text with its NUL. @return its address */
  long text(long address, String text) {
    return bytes(address, VariableName.global(text).toBytes());
  }

  long bytes(long address, byte... bytes) {
    dom0.memory().write(address, bytes, 0, bytes.length);
    return address;
  }

  byte[] read(long address, int length) {
    byte[] bytes = new byte[length];
    dom0.memory().read(address, bytes, 0, length);
    return bytes;
  }

  /** The last answer: its code, then what is in status. */
  String answer(long result) {
    return result == 0 ? Long.toHexString(op.status()) : Long.toString(result);
  }
}
