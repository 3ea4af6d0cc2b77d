// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.hypervisor;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HexFormat;
import org.xenolith.efi.api.EfiGuid;
import org.xenolith.efi.api.VariableName;
import org.xenolith.xen.abi.AbiBytes;
import org.xenolith.xen.abi.EfiCall;
import org.xenolith.xen.abi.HypercallNumber;
import org.xenolith.xen.abi.PlatformArgument;
import org.xenolith.xen.abi.PlatformEfiCall;
import org.xenolith.xen.abi.PlatformOp;

/** The services by XENPF_efi_runtime_call, made by code of a domain. */
final class HypercallWay implements EfiWay {
  private static final int FRAME = 0;
  private static final int NAME = 0x1000;
  private static final int DATA = 0x5000;
  private static final int POINTERS = 0x800;

  private final CallingKernel kernel;
  private final Runnable before;
  private final byte[] frame = new byte[PlatformArgument.SIZE];
  private final PlatformEfiCall op = new PlatformEfiCall();

  HypercallWay(CallingKernel kernel) {
    this(kernel, () -> {});
  }

  /** @param before happens before each call */
  HypercallWay(CallingKernel kernel, Runnable before) {
    this.kernel = kernel;
    this.before = before;
    op.at(new AbiBytes(frame), PlatformArgument.ARGUMENT);
  }

  private void function(int function, int misc) {
    op.zero();
    op.function(function);
    op.misc(misc);
  }

  /** Makes the call whose argument is there. @return its answer: an errno, or 0 with the argument as it came back */
  long call(int command) {
    before.run();
    ByteBuffer.wrap(frame).order(ByteOrder.LITTLE_ENDIAN).putInt(command).putInt(PlatformOp.XENPF_INTERFACE_VERSION);
    kernel.write(FRAME, frame);
    long result = kernel.call(HypercallNumber.__HYPERVISOR_platform_op, kernel.at(FRAME), 0);
    System.arraycopy(kernel.read(FRAME, frame.length), 0, frame, 0, frame.length);
    return result;
  }

  private void called() {
    long result = call(PlatformOp.XENPF_efi_runtime_call);
    if (result != 0) {
      throw new AssertionError("function " + op.function() + " answers " + result);
    }
  }

  private String told(Object rest) {
    return Long.toHexString(op.status()) + " " + rest;
  }

  private boolean failed() {
    return op.status() < 0;
  }

  private String argument(int offset, int length) {
    int from = PlatformArgument.ARGUMENT + offset;
    return HexFormat.of().formatHex(frame, from, from + length);
  }

  private void put(int offset, byte[] bytes) {
    System.arraycopy(bytes, 0, frame, PlatformArgument.ARGUMENT + offset, bytes.length);
  }

  @Override
  public String getTime() {
    function(EfiCall.XEN_EFI_get_time, 0);
    called();
    return told(failed() ? "" : argument(PlatformEfiCall.GET_TIME_TIME, 16) + " " + op.getTimeResolution() + " " + op.getTimeAccuracy()
        + " " + op.misc());
  }

  @Override
  public String setTime(byte[] time) {
    function(EfiCall.XEN_EFI_set_time, 0);
    put(PlatformEfiCall.SET_TIME, time);
    called();
    return told("");
  }

  @Override
  public String getWakeupTime() {
    function(EfiCall.XEN_EFI_get_wakeup_time, 0);
    called();
    return told(failed() ? "" : argument(PlatformEfiCall.GET_WAKEUP_TIME, 16) + " " + op.misc());
  }

  @Override
  public String setWakeupTime(boolean enable, byte[] time) {
    function(EfiCall.XEN_EFI_set_wakeup_time, (enable ? EfiCall.XEN_EFI_SET_WAKEUP_TIME_ENABLE : 0)
        | (time == null ? EfiCall.XEN_EFI_SET_WAKEUP_TIME_ENABLE_ONLY : 0));
    if (time != null) {
      put(PlatformEfiCall.SET_WAKEUP_TIME, time);
    }
    called();
    return told("");
  }

  @Override
  public String count() {
    function(EfiCall.XEN_EFI_get_next_high_monotonic_count, 0);
    called();
    return told(op.misc());
  }

  @Override
  public String get(VariableName name, int room) {
    function(EfiCall.XEN_EFI_get_variable, 0);
    kernel.write(NAME, name.toBytes());
    byte[] before = new byte[room];
    Arrays.fill(before, (byte) 0x77);
    kernel.write(DATA, before);
    op.getVariableName(kernel.at(NAME));
    op.getVariableSize(room);
    op.getVariableData(kernel.at(DATA));
    put(PlatformEfiCall.GET_VARIABLE_VENDOR_GUID, name.vendor().toBytes());
    called();
    int size = failed() ? 0 : (int) op.getVariableSize();
    byte[] after = kernel.read(DATA, room);
    if (!Arrays.equals(before, size, room, after, size, room)) {
      throw new AssertionError(name + ": more was written than its size");
    }
    return told(op.getVariableSize() + " " + Integer.toHexString(op.misc()) + " " + HexFormat.of().formatHex(after, 0, size));
  }

  @Override
  public String set(VariableName name, int attributes, byte[] data) {
    function(EfiCall.XEN_EFI_set_variable, attributes);
    kernel.write(NAME, name.toBytes());
    kernel.write(DATA, data);
    op.setVariableName(kernel.at(NAME));
    op.setVariableSize(data.length);
    op.setVariableData(kernel.at(DATA));
    put(PlatformEfiCall.SET_VARIABLE_VENDOR_GUID, name.vendor().toBytes());
    called();
    return told("");
  }

  @Override
  public String next(VariableName previous, int room) {
    function(EfiCall.XEN_EFI_get_next_variable_name, 0);
    kernel.write(NAME, previous.toBytes());
    op.getNextVariableNameName(kernel.at(NAME));
    op.getNextVariableNameSize(room);
    put(PlatformEfiCall.GET_NEXT_VARIABLE_NAME_VENDOR_GUID, previous.vendor().toBytes());
    called();
    int read = Math.max(room, previous.bytes());
    return told(op.getNextVariableNameSize() + " " + new VariableName(VariableName.textOf(kernel.read(NAME, read)),
        EfiGuid.ofBytes(frame, PlatformArgument.ARGUMENT + PlatformEfiCall.GET_NEXT_VARIABLE_NAME_VENDOR_GUID)));
  }

  @Override
  public String query(int attributes) {
    function(EfiCall.XEN_EFI_query_variable_info, 0);
    op.queryVariableInfoAttr(attributes);
    called();
    return told(op.queryVariableInfoMaxStoreSize() + " " + op.queryVariableInfoRemainStoreSize() + " " + op.queryVariableInfoMaxSize());
  }

  @Override
  public String capsule(byte[] header) {
    kernel.write(DATA, header);
    kernel.write(POINTERS, ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(kernel.at(DATA)).array());
    function(EfiCall.XEN_EFI_query_capsule_capabilities, 0);
    op.queryCapsuleCapabilitiesCapsuleHeaderArray(kernel.at(POINTERS));
    op.queryCapsuleCapabilitiesCapsuleCount(1);
    called();
    String answer = told(op.queryCapsuleCapabilitiesMaxCapsuleSize());
    function(EfiCall.XEN_EFI_update_capsule, 0);
    op.updateCapsuleCapsuleHeaderArray(kernel.at(POINTERS));
    op.updateCapsuleCapsuleCount(1);
    called();
    return answer + " " + Long.toHexString(op.status());
  }
}
