// SPDX-License-Identifier: EPL-2.0
package org.xenolith.ninep.kit;

/**
 * What a server knows a file by.
 *
 * @param type    bits: {@link #FOLDER}, {@link #LINK}; 0 for any other file
 * @param version another one when the file was changed
 * @param path    no other file has it
 */
public record Qid(int type, int version, long path) {
  /** A folder. */
  public static final int FOLDER = 0x80;
  /** A symbolic link. */
  public static final int LINK = 0x02;
  /** Bytes in a message. */
  public static final int BYTES = 13;
}
