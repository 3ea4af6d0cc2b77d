// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.kit;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.xenolith.platform.api.PlatformException;
import org.xenolith.platform.api.PlatformNode;

/**
 * Memory that firmware has for devices behind an IOMMU, and that they must reach at its own addresses whoever has them (IVMD of AMD 48882, 5.2.2.3). A
 * machine says so by an option of the IOMMU's node.
 *
 * @param firstDevice the first of the devices, as the IOMMU numbers them
 * @param lastDevice  the last one
 * @param base        address of the memory, of a whole page
 * @param size        bytes, whole pages
 * @param writable    whether they may write there, too
 */
public record UnityRange(int firstDevice, int lastDevice, long base, long size, boolean writable) {
  /** The option of the IOMMU's node. */
  public static final String OPTION = "unity";
  /** What its text is, for people. */
  public static final String FORM = "FIRST[-LAST]@ADDRESS+SIZE[:ro], in hexadecimal, several with spaces between";
  private static final Pattern TEXT = Pattern.compile("([0-9a-f]{1,4})(?:-([0-9a-f]{1,4}))?@([0-9a-f]{1,12})\\+([0-9a-f]{1,12})(:ro)?");
  private static final int PAGE = 4096;

  /**
   * Those of an IOMMU.
   *
   * @throws PlatformException if the option isn't of the form, or a range isn't whole pages
   */
  public static List<UnityRange> of(PlatformNode iommu) {
    List<UnityRange> ranges = new ArrayList<>();
    for (String text : iommu.options().getOrDefault(OPTION, "").strip().toLowerCase(Locale.ROOT).split("\\s+")) {
      if (!text.isEmpty()) {
        ranges.add(read(iommu, text.replace("0x", "")));
      }
    }
    return List.copyOf(ranges);
  }

  private static UnityRange read(PlatformNode iommu, String text) {
    Matcher form = TEXT.matcher(text);
    if (!form.matches()) {
      throw refused(iommu, text, "expected " + FORM);
    }
    int first = Integer.parseInt(form.group(1), 16);
    int last = form.group(2) == null ? first : Integer.parseInt(form.group(2), 16);
    long base = Long.parseLong(form.group(3), 16);
    long size = Long.parseLong(form.group(4), 16);
    if (last < first || base % PAGE != 0 || size % PAGE != 0 || size == 0) {
      throw refused(iommu, text, "expected devices in ascending order, and whole pages of 4 KiB");
    }
    return new UnityRange(first, last, base, size, form.group(5) == null);
  }

  private static PlatformException refused(PlatformNode iommu, String text, String expected) {
    return new PlatformException(iommu.path() + ": " + OPTION + ": '" + text + "': " + expected);
  }

  /** Whether it is a device's. */
  public boolean isOf(long device) {
    return device >= firstDevice && device <= lastDevice;
  }
}
