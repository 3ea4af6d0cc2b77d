// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.api;

/** Attributes of variables, 32 bits (UEFI 2.10, 8.2.1). */
public final class VariableAttributes {
  /** Outlives a reset: EFI_VARIABLE_NON_VOLATILE. */
  public static final int NON_VOLATILE = 0x01;
  /** Can be accessed before ExitBootServices. */
  public static final int BOOTSERVICE_ACCESS = 0x02;
  /** Can be accessed after ExitBootServices. */
  public static final int RUNTIME_ACCESS = 0x04;
  /** A hardware error record. */
  public static final int HARDWARE_ERROR_RECORD = 0x08;
  /** Deprecated by the specification: a write with it is unsupported. */
  public static final int AUTHENTICATED_WRITE_ACCESS = 0x10;
  /** What is written begins with EFI_VARIABLE_AUTHENTICATION_2. */
  public static final int TIME_BASED_AUTHENTICATED_WRITE_ACCESS = 0x20;
  /** What is written is appended. Never an attribute of a variable. */
  public static final int APPEND_WRITE = 0x40;
  /** What is written begins with EFI_VARIABLE_AUTHENTICATION_3. */
  public static final int ENHANCED_AUTHENTICATED_ACCESS = 0x80;
  /** All that there are. */
  public static final int ALL = 0xFF;

  private VariableAttributes() {}
}
