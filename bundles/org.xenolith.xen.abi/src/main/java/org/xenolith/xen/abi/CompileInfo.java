// SPDX-License-Identifier: EPL-2.0
package org.xenolith.xen.abi;

/** Argument of XENVER_compile_info: four texts ({@code struct xen_compile_info}). */
public final class CompileInfo extends AbiStruct {
  /** Bytes. */
  public static final int SIZE = 144;
  public static final int COMPILER = 0;
  public static final int COMPILE_BY = 64;
  public static final int COMPILE_DOMAIN = 80;
  public static final int COMPILE_DATE = 112;
  /** Bytes of {@code compiler}. */
  public static final int COMPILER_BYTES = 64;
  /** Bytes of {@code compile_by}. */
  public static final int COMPILE_BY_BYTES = 16;
  /** Bytes of {@code compile_domain}. */
  public static final int COMPILE_DOMAIN_BYTES = 32;
  /** Bytes of {@code compile_date}. */
  public static final int COMPILE_DATE_BYTES = 32;
}
