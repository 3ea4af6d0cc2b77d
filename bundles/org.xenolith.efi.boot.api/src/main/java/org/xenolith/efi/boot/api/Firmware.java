// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.boot.api;

import org.osgi.annotation.versioning.ProviderType;
import org.xenolith.fdt.Fdt;

/** UEFI firmware of the machine or of one domain, from when it is entered until an operating system leaves boot services. */
@ProviderType
public interface Firmware {
  /** The guest's memory, at physical addresses: translation is the identity as long as boot services are there. */
  EfiRam memory();

  /**
   * Sees that a whole range is memory, such as before a device is told of it: behind a part of a buffer there may be nothing, and memory again
   * behind that.
   *
   * @param length bytes; 0: any place will do
   * @throws EfiError INVALID_PARAMETER if some of it isn't, or the length is negative
   */
  void requireMemory(long address, long length);

  /** The device tree that the firmware was entered with, or that was made of what it was entered with: all that it knows of its machine. */
  Fdt tree();

  /** The generic timer's counter at the last trap. */
  long counter();

  /** Counts in a second. */
  long frequency();

  /**
   * Allocates zeroed pages of boot services' data.
   *
   * @param count pages of 4096 bytes
   * @return address of the first
   * @throws EfiError OUT_OF_RESOURCES
   */
  long pages(long count);

  /** Gives pages back. @throws EfiError NOT_FOUND, if they weren't given */
  void freePages(long address, long count);

  /**
   * Publishes memory for an interface and what belongs to it: zeroed bytes of the guest's, and numbers that only the layer sees.
   *
   * @param layer   whose it is
   * @param bytes   of the guest's memory
   * @param numbers how many 64-bit numbers, zeros
   * @return its address, a multiple of 16
   * @throws EfiError OUT_OF_RESOURCES
   */
  long interfaceMemory(EfiLayer layer, int bytes, int numbers);

  /**
   * The numbers of an interface, live.
   *
   * @param layer     whose it must be
   * @param place its address, which a caller may have made up
   * @throws EfiError INVALID_PARAMETER if it isn't one of this layer's; DEVICE_ERROR if it is of another version of it
   */
  long[] numbers(EfiLayer layer, long place);

  /** Gives an interface's memory and numbers back. @throws EfiError INVALID_PARAMETER if it isn't one */
  void dropInterface(EfiLayer layer, long place);

  /** A pointer to one of a layer's functions, the same each time. */
  long function(EfiLayer layer, String name);

  /** A pointer to one of boot services, as it stands in the table: a guest may have hooked it. */
  long service(BootService service);

  /** Address of the EFI system table. */
  long systemTable();

  /**
   * Makes handles those of the system's consoles, whose interfaces are in the system table from then on.
   *
   * @param input  a handle with EFI_SIMPLE_TEXT_INPUT_PROTOCOL; another one: no key ever comes
   * @param output a handle with EFI_SIMPLE_TEXT_OUTPUT_PROTOCOL, for errors, too; another one: what is written is lost
   */
  void consoles(long input, long output);

  /** Tells whoever watches the machine what somebody should know: place and remedy. */
  void report(String text);

  /** The handle of the firmware itself, as an image that drivers are parts of. */
  long image();

  /** Handles and their protocols. */
  HandleDatabase handles();

  /** What machine images are for, as file names of programs for removable media have it: {@code AA64}, {@code X64} (UEFI 2.10, 3.5.1.1, table 3.3). */
  default String machine() {
    return "AA64";
  }

  /** The counter's value so many microseconds from now, for a {@link EfiStep.Wait}. */
  default long after(long microseconds) {
    return counter() + Math.max(1, frequency() * microseconds / 1_000_000);
  }
}
