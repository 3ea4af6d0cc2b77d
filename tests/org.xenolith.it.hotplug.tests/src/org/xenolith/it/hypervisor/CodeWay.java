// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.hypervisor;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import org.xenolith.efi.api.EfiGuid;
import org.xenolith.efi.api.VariableName;
import org.xenolith.efi.kit.RuntimeFunction;
import org.xenolith.hyp.api.Domain;

/** The services by the code that EFI_RUNTIME_SERVICES points to, called by the kernel of a domain that has mapped nothing. */
final class CodeWay implements EfiWay {
  /** Where a builder by ACPI may put anything (Xen's public header arch-arm.h, GUEST_ACPI_BASE). */
  private static final long DESCRIPTION = 0x2000_0000;
  private static final int DESCRIPTION_SIZE = 0x20_0000;
  private static final long SYSTEM_TABLE = 0x5453_5953_2049_4249L;
  private static final int OUT = 0;
  private static final int VENDOR = 0x40;
  private static final int TIME = 0x80;
  private static final int NAME = 0x1000;
  private static final int DATA = 0x5000;

  private final CallingKernel kernel;
  private final Domain domain;
  private final Runnable before;
  private final long services;
  private long status;

  /** @param before happens before each call */
  CodeWay(CallingKernel kernel, Domain domain, Runnable before) {
    this.kernel = kernel;
    this.domain = domain;
    this.before = before;
    services = domain.memory().read64(systemTable(domain) + 88);
  }

  CodeWay(CallingKernel kernel, Domain domain) {
    this(kernel, domain, () -> {});
  }

  /** Where a domain's system table is; 0 if there is none. */
  static long systemTable(Domain domain) {
    for (int at = 0; at < DESCRIPTION_SIZE; at += 8) {
      if (domain.memory().read64(DESCRIPTION + at) == SYSTEM_TABLE) {
        return DESCRIPTION + at;
      }
    }
    return 0;
  }

  /** The address of a function. */
  long pointer(RuntimeFunction function) {
    return domain.memory().read64(services + 24 + 8L * function.ordinal());
  }

  long call(RuntimeFunction function, long... arguments) {
    before.run();
    status = kernel.callFunction(pointer(function), arguments);
    return status;
  }

  private String told(Object rest) {
    return Long.toHexString(status) + " " + rest;
  }

  private void clear(int bytes) {
    kernel.write(OUT, new byte[bytes]);
  }

  private ByteBuffer out(int bytes) {
    return ByteBuffer.wrap(kernel.read(OUT, bytes)).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static byte[] number(long number) {
    return ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(number).array();
  }

  private long put(int place, byte[] bytes) {
    kernel.write(place, bytes);
    return kernel.at(place);
  }

  @Override
  public String getTime() {
    clear(9);
    call(RuntimeFunction.GET_TIME, kernel.at(TIME), kernel.at(OUT));
    ByteBuffer capabilities = out(9);
    return told(status < 0 ? "" : HexFormat.of().formatHex(kernel.read(TIME, 16)) + " " + capabilities.getInt() + " " + capabilities
        .getInt()
        + " " + capabilities.get());
  }

  @Override
  public String setTime(byte[] time) {
    call(RuntimeFunction.SET_TIME, put(TIME, time));
    return told("");
  }

  @Override
  public String getWakeupTime() {
    clear(2);
    call(RuntimeFunction.GET_WAKEUP_TIME, kernel.at(OUT), kernel.at(OUT + 1), kernel.at(TIME));
    return told(status < 0 ? "" : HexFormat.of().formatHex(kernel.read(TIME, 16)) + " " + (out(2).get(0) | out(2).get(1) << 1));
  }

  @Override
  public String setWakeupTime(boolean enable, byte[] time) {
    call(RuntimeFunction.SET_WAKEUP_TIME, enable ? 1 : 0, time == null ? 0 : put(TIME, time));
    return told("");
  }

  @Override
  public String count() {
    clear(4);
    call(RuntimeFunction.GET_NEXT_HIGH_MONOTONIC_COUNT, kernel.at(OUT));
    return told(out(4).getInt());
  }

  @Override
  public String get(VariableName name, int room) {
    clear(4);
    put(OUT + 8, number(room));
    call(RuntimeFunction.GET_VARIABLE, put(NAME, name.toBytes()), put(VENDOR, name.vendor().toBytes()), kernel.at(OUT), kernel.at(OUT + 8),
        kernel.at(DATA));
    long size = out(16).getLong(8);
    return told(size + " " + Integer.toHexString(out(4).getInt()) + " " + HexFormat.of().formatHex(kernel.read(DATA, status < 0 ? 0
        : (int) size)));
  }

  @Override
  public String set(VariableName name, int attributes, byte[] data) {
    call(RuntimeFunction.SET_VARIABLE, put(NAME, name.toBytes()), put(VENDOR, name.vendor().toBytes()), attributes, data.length,
        put(DATA, data));
    return told("");
  }

  @Override
  public String next(VariableName previous, int room) {
    put(OUT, number(room));
    call(RuntimeFunction.GET_NEXT_VARIABLE_NAME, kernel.at(OUT), put(NAME, previous.toBytes()), put(VENDOR, previous.vendor().toBytes()));
    return told(out(8).getLong() + " " + new VariableName(VariableName.textOf(kernel.read(NAME, Math.max(room, previous.bytes()))),
        EfiGuid.ofBytes(kernel.read(VENDOR, 16), 0)));
  }

  @Override
  public String query(int attributes) {
    clear(24);
    call(RuntimeFunction.QUERY_VARIABLE_INFO, attributes, kernel.at(OUT), kernel.at(OUT + 8), kernel.at(OUT + 16));
    ByteBuffer out = out(24);
    return told(out.getLong() + " " + out.getLong() + " " + out.getLong());
  }

  @Override
  public String capsule(byte[] header) {
    clear(16);
    put(NAME, number(put(DATA, header)));
    call(RuntimeFunction.QUERY_CAPSULE_CAPABILITIES, kernel.at(NAME), 1, kernel.at(OUT), kernel.at(OUT + 8));
    String answer = told(out(8).getLong());
    call(RuntimeFunction.UPDATE_CAPSULE, kernel.at(NAME), 1, 0);
    return answer + " " + Long.toHexString(status);
  }
}
