// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.api;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Values as guests see them in memory. */
class EfiValuesTest {
  private static final HexFormat HEX = HexFormat.of();

  @Test
  void statusesHaveTheNumbersOfTheSpecificationAndTheTopBit() {
    assertEquals(0, EfiStatus.SUCCESS.code());
    assertEquals(0x8000_0000_0000_0002L, EfiStatus.INVALID_PARAMETER.code());
    assertEquals(0x8000_0000_0000_0005L, EfiStatus.BUFFER_TOO_SMALL.code());
    assertEquals(0x8000_0000_0000_0008L, EfiStatus.WRITE_PROTECTED.code());
    assertEquals(0x8000_0000_0000_000EL, EfiStatus.NOT_FOUND.code());
    assertEquals(0x8000_0000_0000_0013L, EfiStatus.NOT_STARTED.code());
    assertEquals(0x8000_0000_0000_001AL, EfiStatus.SECURITY_VIOLATION.code());
    assertEquals(0x8000_0000_0000_0023L, EfiStatus.HTTP_ERROR.code());
    for (EfiStatus status : EfiStatus.values()) {
      assertEquals(status, EfiStatus.of(status.code()));
      assertEquals(status != EfiStatus.SUCCESS, status.isError());
    }
    assertNull(EfiStatus.of(3), "a warning");
  }

  @Test
  void guidsAreMixedEndianInMemory() {
    // Byte for byte as efivarfs and dbxtool show EFI_GLOBAL_VARIABLE.
    byte[] bytes = HEX.parseHex("61dfe48bca93d211aa0d00e098032b8c");
    assertArrayEquals(bytes, EfiGuid.GLOBAL_VARIABLE.toBytes());
    byte[] within = new byte[20];
    System.arraycopy(bytes, 0, within, 3, 16);
    assertEquals(EfiGuid.GLOBAL_VARIABLE, EfiGuid.ofBytes(within, 3));
    assertEquals("8be4df61-93ca-11d2-aa0d-00e098032b8c", EfiGuid.GLOBAL_VARIABLE.toString());
    Random random = new Random(1);
    for (int i = 0; i < 100; i++) {
      random.nextBytes(bytes);
      assertArrayEquals(bytes, EfiGuid.ofBytes(bytes, 0).toBytes());
      assertEquals(EfiGuid.ofBytes(bytes, 0), EfiGuid.of(EfiGuid.ofBytes(bytes, 0).toString()));
    }
    assertThrows(IllegalArgumentException.class, () -> EfiGuid.of("8be4df61-93ca-11d2-aa0d"));
    assertThrows(IllegalArgumentException.class, () -> EfiGuid.of("1-2-3-4-5"));
  }

  @Test
  void timesKeepEveryByteBothWays() {
    EfiTime time = new EfiTime(2026, 11, 22, 4, 35, 59, 0, 123_456_789, -60, 1, 0);
    assertEquals("ea070b1604233b0015cd5b07c4ff0100", HEX.formatHex(time.toBytes()));
    Random random = new Random(2);
    byte[] bytes = new byte[EfiTime.SIZE];
    for (int i = 0; i < 100; i++) {
      random.nextBytes(bytes);
      assertArrayEquals(bytes, EfiTime.ofBytes(bytes, 0).toBytes());
    }
  }

  @Test
  void timesOutOfRangeAreSeen() {
    assertTrue(EfiTime.utc(1900, 1, 1, 0, 0, 0).isValid());
    assertTrue(EfiTime.utc(9999, 12, 31, 23, 59, 59).isValid());
    assertTrue(EfiTime.utc(2024, 2, 29, 0, 0, 0).isValid());
    assertFalse(EfiTime.utc(2023, 2, 29, 0, 0, 0).isValid());
    assertFalse(EfiTime.utc(1900, 2, 29, 0, 0, 0).isValid());
    assertFalse(EfiTime.utc(1899, 1, 1, 0, 0, 0).isValid());
    assertFalse(EfiTime.utc(10_000, 1, 1, 0, 0, 0).isValid());
    assertFalse(EfiTime.utc(2026, 0, 1, 0, 0, 0).isValid());
    assertFalse(EfiTime.utc(2026, 13, 1, 0, 0, 0).isValid());
    assertFalse(EfiTime.utc(2026, 4, 31, 0, 0, 0).isValid());
    assertFalse(EfiTime.utc(2026, 1, 0, 0, 0, 0).isValid());
    assertFalse(EfiTime.utc(2026, 1, 1, 24, 0, 0).isValid());
    assertFalse(EfiTime.utc(2026, 1, 1, 0, 60, 0).isValid());
    assertFalse(EfiTime.utc(2026, 1, 1, 0, 0, 60).isValid());
    assertTrue(zoned(0, 1440, 0).isValid());
    assertTrue(zoned(0, -1440, 3).isValid());
    assertTrue(zoned(999_999_999, EfiTime.UNSPECIFIED, 0).isValid());
    assertFalse(zoned(1_000_000_000, 0, 0).isValid());
    assertFalse(zoned(0xFFFF_FFFFL, 0, 0).isValid());
    assertFalse(zoned(0, 1441, 0).isValid());
    assertFalse(zoned(0, -1441, 0).isValid());
    assertFalse(zoned(0, 0, 4).isValid());
  }

  private static EfiTime zoned(long nanosecond, int timeZone, int daylight) {
    return new EfiTime(2026, 1, 1, 0, 0, 0, 0, nanosecond, timeZone, daylight, 0);
  }

  @Test
  void namesAreSixteenBitsACharacterUpToTheFirstNul() {
    VariableName name = VariableName.global("PK\ud800");
    assertEquals(8, name.bytes());
    assertEquals("50004b0000d80000", HEX.formatHex(name.toBytes()));
    assertEquals(name.text(), VariableName.textOf(name.toBytes()));
    assertEquals("P", VariableName.textOf(HEX.parseHex("500000004b")));
    assertEquals("", VariableName.textOf(new byte[2]));
    assertNull(VariableName.textOf(HEX.parseHex("50004b00")), "no NUL");
    assertNull(VariableName.textOf(HEX.parseHex("50004b0000")), "half a NUL");
    assertNull(VariableName.textOf(new byte[0]));
    assertEquals("PK-8be4df61-93ca-11d2-aa0d-00e098032b8c", VariableName.global("PK").toString());
  }

  @Test
  void capsuleHeadersAndResetTypesAreRead() {
    byte[] bytes = HEX.parseHex("ff" + "61dfe48bca93d211aa0d00e098032b8c" + "1c000000" + "00000500" + "000000f0");
    assertEquals(new CapsuleHeader(EfiGuid.GLOBAL_VARIABLE, 28, 0x5_0000, 0xF000_0000), CapsuleHeader.ofBytes(bytes, 1));
    assertEquals(ResetType.COLD, ResetType.of(0));
    assertEquals(ResetType.PLATFORM_SPECIFIC, ResetType.of(3));
    assertEquals(ResetType.COLD, ResetType.of(4));
    assertEquals(ResetType.COLD, ResetType.of(-1));
  }

  @Test
  void rangesContainWhatIsWhollyInThem() {
    RuntimeMemory.Range range = new RuntimeMemory.Range(0x1_0000, 0x1_0000, 0x2000_0000);
    assertTrue(range.contains(0x1_0000, 0x1_0000));
    assertTrue(range.contains(0x1_FFFF, 1));
    assertTrue(range.contains(0x1_8000, 0));
    assertFalse(range.contains(0x1_FFFF, 2));
    assertFalse(range.contains(0xFFFF, 1));
    assertFalse(range.contains(0x2_0000, 0));
    assertFalse(range.contains(0x1_8000, -1L));
    assertFalse(range.contains(0x1_8000, Long.MAX_VALUE));
  }
}
