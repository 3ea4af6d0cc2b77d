// SPDX-License-Identifier: EPL-2.0
package org.xenolith.block.vmdk;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The description of a disk: text, in a file of its own or in the only one ("Virtual Disk Format 5.0", "The Disk Descriptor File").
 *
 * @param extents the disk's parts, in order
 */
record ExtentList(List<Line> extents) {
  static final String MARK = "# Disk DescriptorFile";
  /** Most bytes of one: a line for each 2 GB of a disk. */
  static final int MOST = 1 << 20;
  private static final String NO_PARENT = "ffffffff";
  private static final Pattern EXTENT = Pattern.compile(
      "(RW|RDONLY|NOACCESS)\\s+(\\d{1,12})\\s+(\\w+)(?:\\s+\"([^\"]*)\"(?:\\s+(\\d{1,12}))?)?");
  private static final Pattern SETTING = Pattern.compile("\\s*(\\w+)\\s*=\\s*\"?([^\"]*)\"?\\s*");
  private static final long LARGEST = 1L << 32;

  /**
   * A line of it.
   *
   * @param sectors of the disk
   * @param kind    SPARSE, FLAT, VMFS or ZERO
   * @param file    its name; empty for zeros
   * @param begin   sector of a flat file at which it begins
   */
  record Line(long sectors, String kind, String file, long begin) {}

  /** Reads it. @param name what a message begins with */
  static ExtentList of(String name, String text) throws IOException {
    List<Line> extents = new ArrayList<>();
    long sectors = 0;
    for (String line : text.lines().map(String::strip).toList()) {
      Matcher extent = EXTENT.matcher(line);
      Matcher setting = SETTING.matcher(line);
      if (extent.matches()) {
        Line one = line(name, line, extent);
        sectors += one.sectors;
        extents.add(one);
      } else if (line.matches("(RW|RDONLY|NOACCESS)\\s.*")) {
        throw SparseHeader.refused(name, "its description has '" + line + "'; expected ACCESS SECTORS KIND \"FILE\" [BEGIN]");
      } else if (setting.matches() && setting.group(1).equals("parentCID") && !setting.group(2).strip().equalsIgnoreCase(NO_PARENT)) {
        throw new IOException(name
            + ": has only what differs from another image (a parent), and isn't served here; make one of both, and name that: qemu-img convert -f vmdk -O qcow2 "
            + name + ' ' + name + ".qcow2");
      }
    }
    if (extents.isEmpty() || sectors > LARGEST) {
      throw SparseHeader.refused(name, "its description has " + (extents.isEmpty() ? "no extents" : sectors
          + " sectors, and a disk can have " + LARGEST));
    }
    return new ExtentList(List.copyOf(extents));
  }

  private static Line line(String name, String line, Matcher extent) throws IOException {
    String kind = extent.group(3);
    if (extent.group(1).equals("NOACCESS") || !kind.matches("SPARSE|FLAT|VMFS|ZERO") || kind.equals("ZERO") != (extent.group(4) == null)) {
      throw new IOException(name + ": its description has '" + line
          + "', and extents are SPARSE, FLAT, VMFS or ZERO here; make an image of it that has no others: qemu-img convert -f vmdk -O qcow2 "
          + name + ' ' + name + ".qcow2");
    }
    long sectors = Long.parseLong(extent.group(2));
    if (sectors == 0) {
      throw SparseHeader.refused(name, "its description has '" + line + "', an extent of nothing");
    }
    return new Line(sectors, kind, extent.group(4) == null ? "" : extent.group(4), extent.group(5) == null ? 0 : Long.parseLong(extent
        .group(
            5)));
  }
}
