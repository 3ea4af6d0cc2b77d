// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.variables;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Comparator;
import org.xenolith.efi.api.EfiGuid;
import org.xenolith.efi.api.EfiTime;
import org.xenolith.efi.api.VariableName;

/**
 * What an authenticated write is given: EFI_VARIABLE_AUTHENTICATION_2 and the data behind it (UEFI 2.10, 8.2.6 and 32.2.4). In memory: a
 * time (16 bytes), then WIN_CERTIFICATE_UEFI_GUID with u32 length, u16 revision, u16 type, a GUID and the signature.
 *
 * @param time      the write's
 * @param signature SignedData of PKCS #7, in DER; may be empty
 * @param payload   the variable's data
 */
record AuthenticatedData(EfiTime time, byte[] signature, byte[] payload) {
  /** Bytes from the beginning to the signature. */
  static final int HEAD = 40;
  private static final int CERTIFICATE_HEAD = HEAD - EfiTime.SIZE;
  private static final int REVISION = 0x0200;
  private static final int TYPE_GUID = 0x0EF1;
  private static final EfiGuid PKCS7 = EfiGuid.of("4aafd29d-68df-49ee-8aa9-347d375665a7");
  private static final Comparator<EfiTime> ORDER = Comparator.comparingInt(EfiTime::year).thenComparingInt(EfiTime::month)
      .thenComparingInt(EfiTime::day).thenComparingInt(EfiTime::hour).thenComparingInt(EfiTime::minute).thenComparingInt(EfiTime::second);

  /** Takes a caller's data apart; null if they don't begin as they must, or the time has what it mustn't. */
  static AuthenticatedData parse(byte[] data) {
    if (data.length < HEAD) {
      return null;
    }
    ByteBuffer in = ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN);
    EfiTime time = EfiTime.ofBytes(data, 0);
    long length = Integer.toUnsignedLong(in.getInt(16));
    if (length < CERTIFICATE_HEAD || length > data.length - EfiTime.SIZE || in.getShort(20) != REVISION || in.getShort(22) != TYPE_GUID
        || !EfiGuid.ofBytes(data, 24).equals(PKCS7) || time.pad1() != 0 || time.nanosecond() != 0 || time.timeZone() != 0
        || time.daylight() != 0 || time.pad2() != 0) {
      return null;
    }
    int end = EfiTime.SIZE + (int) length;
    return new AuthenticatedData(time, Arrays.copyOfRange(data, HEAD, end), Arrays.copyOfRange(data, end, data.length));
  }

  /** What the signature is made of: name without NUL, vendor, the write's attributes, time, data. */
  byte[] signed(VariableName name, int attributes) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.writeBytes(StoredVariable.textBytes(name));
    all.writeBytes(name.vendor().toBytes());
    all.writeBytes(ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(attributes).array());
    all.writeBytes(time.toBytes());
    all.writeBytes(payload);
    return all.toByteArray();
  }

  /** Whether a time is later than another one; later than none is any. */
  static boolean isLater(EfiTime time, EfiTime other) {
    return other == null || ORDER.compare(time, other) > 0;
  }
}
