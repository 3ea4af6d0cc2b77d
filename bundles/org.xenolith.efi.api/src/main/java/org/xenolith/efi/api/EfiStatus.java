// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.api;

import org.jspecify.annotations.Nullable;

/** What a service answers: EFI_STATUS of a 64-bit machine, whose top bit says that it is an error (UEFI 2.10, appendix D). */
public enum EfiStatus {
  /** Done. */
  SUCCESS(0),
  /** An image didn't load. */
  LOAD_ERROR(1),
  /** A parameter, or how parameters were combined, isn't allowed. */
  INVALID_PARAMETER(2),
  /** Not supported. */
  UNSUPPORTED(3),
  /** A buffer didn't have the right size. */
  BAD_BUFFER_SIZE(4),
  /** A buffer isn't large enough; the size that is needed is in the answer. */
  BUFFER_TOO_SMALL(5),
  /** There is no data pending. */
  NOT_READY(6),
  /** A device failed. */
  DEVICE_ERROR(7),
  /** What is to be written can't be written. */
  WRITE_PROTECTED(8),
  /** A resource has run out. */
  OUT_OF_RESOURCES(9),
  /** A file system is inconsistent. */
  VOLUME_CORRUPTED(10),
  /** There is no room left on a file system. */
  VOLUME_FULL(11),
  /** A device has no medium. */
  NO_MEDIA(12),
  /** A medium has been changed. */
  MEDIA_CHANGED(13),
  /** It wasn't found. */
  NOT_FOUND(14),
  /** Access was denied. */
  ACCESS_DENIED(15),
  /** No server answered. */
  NO_RESPONSE(16),
  /** There is no mapping to a device. */
  NO_MAPPING(17),
  /** Time ran out. */
  TIMEOUT(18),
  /** A protocol hasn't been started. */
  NOT_STARTED(19),
  /** A protocol has been started already. */
  ALREADY_STARTED(20),
  /** The operation was aborted. */
  ABORTED(21),
  /** An ICMP error. */
  ICMP_ERROR(22),
  /** A TFTP error. */
  TFTP_ERROR(23),
  /** A protocol error. */
  PROTOCOL_ERROR(24),
  /** Versions don't fit. */
  INCOMPATIBLE_VERSION(25),
  /** A security check failed. */
  SECURITY_VIOLATION(26),
  /** A CRC was wrong. */
  CRC_ERROR(27),
  /** The end of a medium. */
  END_OF_MEDIA(28),
  /** The end of a file. */
  END_OF_FILE(31),
  /** A language isn't supported. */
  INVALID_LANGUAGE(32),
  /** It is unknown whether data are compromised. */
  COMPROMISED_DATA(33),
  /** An address is in use. */
  IP_ADDRESS_CONFLICT(34),
  /** An HTTP error. */
  HTTP_ERROR(35);

  private static final long ERROR = 1L << 63;
  private final long code;

  EfiStatus(int number) {
    code = number == 0 ? 0 : ERROR | number;
  }

  /** The 64 bits that a caller sees. */
  public long code() {
    return code;
  }

  /** Whether this is an error: whether the top bit is set. */
  public boolean isError() { return code < 0; }

  /** The status of a code, or null if there is none here: warnings and what others define. */
  public static @Nullable EfiStatus of(long code) {
    for (EfiStatus status : values()) {
      if (status.code == code) {
        return status;
      }
    }
    return null;
  }
}
