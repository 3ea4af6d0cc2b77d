// SPDX-License-Identifier: EPL-2.0
package org.xenolith.conformance.cpu.x64;

/** Instructions, in hexadecimal, and numbers that {@link X64CodeScenarios} draws from. */
final class X64CodeTables {
  /** Of one meaning at all sizes; the accumulator and flags only. */
  static final String[] QUIET = {"90", "f8", "f9", "f5", "fc", "fd", "9e", "9f", "98", "99", "31c0", "d0e0", "d1d0", "f7d8",
      "0fb6c0", "0f94c0",
      "eb00", "9b"};
  static final String[] FLAGS = {"fa", "fb", "fb", "9c58", "9d", "9d", "9c", "fb9c58", "fa9c58"};
  static final String[] PORTS = {"ec", "ed", "ee", "ef", "66ed", "e4e5", "e5e4", "e6e5", "e7ec", "e6e4", "6c", "6d", "6e", "6f",
      "b103f36c", "b103f36e", "e4ea", "e5e8"};
  static final String[] ACCESSES = {"8a06", "8806", "8b06", "8906", "0106", "f00fb10e", "8706", "ff0e", "8b07", "8907", "f617",
      "0fb606", "8f06", "ff36", "0fb10f", "0fc107",
      "830600", "830e00", "f60600"};
  static final String[] STACKS = {"50", "58", "6a7f", "9c", "5058", "e800000000"};
  static final String[] WATCHES = {"8b03", "8903", "0103", "8703", "8803", "8a03", "f00fc103", "ff33", "8f03", "ff03", "f60301"};
  static final String[] STRINGS = {"a4", "a5", "a6", "a7", "aa", "ab", "ac", "ad", "ae", "af"};
  static final String[] REPEATS = {"", "f3", "f3", "f2"};
  static final String[] ENDS = {"0f0b", "cc", "31c9f7f1", "cc", "f4", "fa", "0fff"};
  static final String[] LONG_ONLY = {"f3480faec0", "f3480faec8", "4863c1f3480faed0", "4863c1f3480faed8", "f30faec0", "f30faed0",
      "f30faed8", "65488b03", "64488b03", "658b03", "0f05", "0f01f8",
      "4863c1"};
  static final String[] NARROW_ONLY = {"ce", "d400", "d40a", "06", "1e58", "0e58", "63c8"};
  /** Of level 0; at others they are refused, but for some. */
  static final String[] PRIVILEGED = {"0f06", "0f09", "0f20c0", "0f20e0", "0f20d0", "0f01ca", "0f01cb", "0f01e0", "0f00c8",
      "0f00c0", "0f0103", "0f010b",
      "0f3131c099", "0f01d0", "0f21f8", "0f21f0", "0f21c0", "0f21d8", "0f34"};
  static final int[] SELECTORS = {0, 1, 2, 3, 8, 0x10, 0x13, 0x18, 0x1B, 0x20, 0x23, 0x28, 0x2B, 0x2B, 0x2B, 0x33, 0x30, 0x50, 0x53,
      0x58, 0x5B, 0x60, 0x63, 0x40, 4, 0x2F, 0x1F8, 0x200};
  static final int[] MSRS = {0xC000_0081, 0xC000_0082, 0xC000_0083, 0xC000_0084, 0xC000_0100, 0xC000_0101, 0xC000_0102, 0x175,
      0x176, 0x174};

  private X64CodeTables() {}
}
