// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.boot.kit;

/** A SCSI request packet in a guest's memory, of EFI_EXT_SCSI_PASS_THRU_PROTOCOL and EFI_SCSI_IO_PROTOCOL alike (UEFI 2.10, 15.4.7 and 15.7.2). */
public final class ScsiPacket {
  /** Bytes. */
  public static final int SIZE = 56;
  /** Time-out in units of 100 ns; 0: none. */
  public static final int TIMEOUT = 0;
  /** Where sense data goes. */
  public static final int SENSE = 24;
  /** Address of the command descriptor block. */
  public static final int COMMAND = 32;
  /** Its bytes, 8 bits. */
  public static final int COMMAND_LENGTH = 48;
  /** {@link #READ} or {@link #WRITE}, 8 bits. */
  public static final int DIRECTION = 49;
  /** What the host says, 8 bits. */
  public static final int HOST_STATUS = 50;
  /** What the unit says, 8 bits (SAM-5, 5.3.1). */
  public static final int TARGET_STATUS = 51;
  /** Room for sense data, then its bytes, 8 bits. */
  public static final int SENSE_LENGTH = 52;
  /** Data comes from the unit. */
  public static final int READ = 0;
  /** Data goes to it. */
  public static final int WRITE = 1;
  /** Status of a host: nothing to say. */
  public static final int HOST_OK = 0;
  /** There was a reset. */
  public static final int HOST_BUS_RESET = 0x0E;
  /** Nobody is there. */
  public static final int HOST_SELECTION_TIMEOUT = 0x11;
  /** There is more or less data than room. */
  public static final int HOST_OVERRUN = 0x12;
  /** Anything else. */
  public static final int HOST_OTHER = 0x7F;

  private ScsiPacket() {}

  /** Where the data's address is. */
  public static long data(long packet, int direction) {
    return packet + 8 + 8 * direction;
  }

  /** Where its size is, 32 bits. */
  public static long length(long packet, int direction) {
    return packet + 40 + 4 * direction;
  }
}
