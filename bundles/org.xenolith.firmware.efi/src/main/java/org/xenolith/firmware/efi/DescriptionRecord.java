// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.efi;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.xenolith.efi.api.FirmwareDescription;
import org.xenolith.efi.api.FirmwareMemory;
import org.xenolith.regs.StateMismatch;

/** What firmware tells of itself, as bytes of a record; none if it tells nothing. */
final class DescriptionRecord {
  private static final int NUMBERS = 4 * Integer.BYTES + Long.BYTES;
  private static final int RANGE = Integer.BYTES + 3 * Long.BYTES;

  private DescriptionRecord() {}

  static byte[] encode(FirmwareDescription told) {
    if (told == null) {
      return new byte[0];
    }
    byte[] vendor = told.vendor().getBytes(StandardCharsets.UTF_16LE);
    ByteBuffer out = ByteBuffer.allocate(NUMBERS + Integer.BYTES + vendor.length + told.memory().size() * RANGE);
    out.putInt(told.revision()).putInt(told.runtimeRevision()).putInt(told.vendorRevision()).putLong(told.tables()).putInt(told
        .tableCount()).putInt(vendor.length).put(vendor);
    told.memory().forEach(range -> out.putInt(range.type()).putLong(range.base()).putLong(range.pages()).putLong(range.attributes()));
    return out.array();
  }

  static FirmwareDescription decode(byte[] bytes) {
    if (bytes.length == 0) {
      return null;
    }
    try {
      ByteBuffer in = ByteBuffer.wrap(bytes);
      int revision = in.getInt();
      int runtime = in.getInt();
      int vendorRevision = in.getInt();
      long tables = in.getLong();
      int count = in.getInt();
      int length = in.getInt();
      if (length < 0 || length > in.remaining()) {
        throw new BufferUnderflowException();
      }
      byte[] vendor = new byte[length];
      in.get(vendor);
      List<FirmwareMemory> memory = new ArrayList<>();
      while (in.hasRemaining()) {
        memory.add(new FirmwareMemory(in.getInt(), in.getLong(), in.getLong(), in.getLong()));
      }
      return new FirmwareDescription(revision, runtime, new String(vendor, StandardCharsets.UTF_16LE), vendorRevision, tables, count,
          memory);
    } catch (BufferUnderflowException e) {
      throw new StateMismatch("description: " + bytes.length + " bytes are none");
    }
  }
}
