// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fuzz.files;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.xenolith.block.api.BlockDevice;
import org.xenolith.block.api.BlockDeviceFactory;
import org.xenolith.block.api.BlockDeviceFactory.Mode;
import org.xenolith.block.kit.DiskFormats;
import org.xenolith.block.qcow2.Qcow2Component;
import org.xenolith.block.raw.RawImageComponent;
import org.xenolith.block.vhd.VhdComponent;
import org.xenolith.block.vhdx.VhdxComponent;
import org.xenolith.block.vmdk.VmdkComponent;
import org.xenolith.fuzz.Attack;
import org.xenolith.fuzz.InputBytes;

/** Disk images in other formats than raw: what is opened is read, twice alike, and of qcow2 written and read again. */
public final class DiskImagesAttack implements Attack {
  private static final int SECTOR = BlockDevice.SECTOR;
  private static final int LOOKED_AT = 40;
  private static final int RUN = 24;
  private static final String PLACE = "/(image|flat): .";
  private final Scratch scratch = new Scratch();
  private final DiskFormats formats = new DiskFormats(List.of(new Qcow2Component(), new VhdComponent(), new VhdxComponent(),
      new VmdkComponent(), new RawImageComponent()));

  /** What an image is made of, and which of its parts an input changes. */
  private enum Kind {
    QCOW2("qcow2"), WRITTEN_QCOW2("qcow2"), FIXED_VHD("vhd"), DYNAMIC_VHD("vhd"), VHDX("vhdx", 0, 16, 64 << 10, 96, 128 << 10, 96, 192
        << 10, 112, SmallImages.VHDX_METADATA, 160, SmallImages.VHDX_ITEMS, 24, SmallImages.VHDX_TABLE, 32), SPARSE_VMDK(
            "vmdk"), STREAM_VMDK("vmdk"), DESCRIBED_VMDK("vmdk");

    final String format;
    /** Begin and length of each part; none for all. */
    private final int[] parts;

    Kind(String format, int... parts) {
      this.format = format;
      this.parts = parts;
    }

    byte[] sample() {
      return switch (this) {
        case QCOW2, WRITTEN_QCOW2 -> SmallImages.qcow2();
        case FIXED_VHD -> SmallImages.vhd(false);
        case DYNAMIC_VHD -> SmallImages.vhd(true);
        case VHDX -> SmallImages.vhdx();
        case SPARSE_VMDK -> SmallImages.vmdk(false);
        case STREAM_VMDK -> SmallImages.vmdk(true);
        case DESCRIBED_VMDK -> SmallImages.description("FLAT", "flat").getBytes(StandardCharsets.US_ASCII);
      };
    }

    byte[] changed(InputBytes in) {
      byte[] image = sample();
      byte[] part = image;
      if (parts.length > 0) {
        part = new byte[0];
        for (int i = 0; i < parts.length; i += 2) {
          int before = part.length;
          part = Arrays.copyOf(part, before + parts[i + 1]);
          System.arraycopy(image, parts[i], part, before, parts[i + 1]);
        }
      }
      while (!in.end()) {
        part = Edits.bytes(in, part);
      }
      if (parts.length == 0) {
        return part;
      }
      for (int i = 0, at = 0; i < parts.length && at < part.length; at += parts[i + 1], i += 2) {
        System.arraycopy(part, at, image, parts[i], Math.min(parts[i + 1], part.length - at));
      }
      return image;
    }

    byte[] summed(byte[] image) {
      return switch (this) {
        case FIXED_VHD, DYNAMIC_VHD -> SmallImages.summedVhd(image);
        case VHDX -> SmallImages.summedVhdx(image);
        default -> image;
      };
    }
  }

  @Override
  public String word() {
    return "diskimages";
  }

  @Override
  public String says() {
    return "changes of a small disk image (qcow2, VHD, VHDX, VMDK), or one as it is: read, and qcow2 written";
  }

  @Override
  public List<String> instrumented() {
    return List.of("org.xenolith.block.**");
  }

  @Override
  public void fresh() {
    // Each input has its own file.
  }

  @Override
  public List<String> left() {
    return scratch.left("image", "flat");
  }

  @Override
  public List<String> execute(byte[] input) {
    InputBytes in = new InputBytes(input);
    int first = in.next();
    Kind kind = Kind.values()[first & 7];
    boolean wrongSums = (first & 8) != 0;
    int cut = in.next();
    int places = in.next();
    byte[] image = (first & 16) != 0 ? Arrays.copyOfRange(input, Math.min(3, input.length), input.length) : kind.changed(in);
    image = cut == 0 ? image : Arrays.copyOf(image, (int) ((long) image.length * cut / 256));
    image = wrongSums ? image : kind.summed(image);
    Path file = scratch.write("image", image);
    scratch.write("flat", new byte[16 * SECTOR]);
    Reading reading = new Reading(image);
    boolean written = kind == Kind.WRITTEN_QCOW2;
    // By its content as well as by the word for it.
    Map<String, String> settings = (first & 32) != 0 ? Map.of() : Map.of(DiskFormats.FORMAT, kind.format);
    reading.done("the image", PLACE, List.of(IOException.class), () -> {
      try (BlockDevice disk = formats.open(file.toString(), written ? Mode.WRITE_THROUGH : Mode.OVERLAY, settings, line -> {})) {
        used(reading, disk, places, written);
      }
    });
    if (written) {
      // What a guest's writes made of it must be refused or read, too, and the file is another one than the scratch folder knows.
      reading.done("the written image", PLACE, List.of(IOException.class), () -> {
        try (BlockDevice disk = formats.open(file.toString(), Mode.READ_ONLY, settings, line -> {})) {
          used(reading, disk, places, false);
        }
      });
      scratch.write("image", new byte[] {1});
    }
    return reading.wrong();
  }

  private static void used(Reading reading, BlockDevice disk, int places, boolean written) throws IOException {
    long sectors = disk.sectors();
    for (int i = 0; i < LOOKED_AT; i++) {
      long at = i < 4 ? i * 7L % sectors : i < 6 ? sectors - 1 : Long.remainderUnsigned((places + 1L) * 0x9E37_79B9_7F4A_7C15L * i,
          sectors);
      int count = (int) Math.min(1 + (i * 5L + places) % RUN, sectors - at);
      byte[] once = read(disk, at, count);
      byte[] again = read(disk, at, count);
      reading.expect(Arrays.equals(once, again), "sectors from " + at + " on read otherwise the second time");
      if (once != null && (written || !disk.readOnly()) && i % 3 == 0) {
        write(reading, disk, at, count, (byte) (i + places));
      }
    }
    disk.flush();
  }

  /** Null for an error of the medium, which a guest is told of. */
  private static byte[] read(BlockDevice disk, long at, int count) throws IOException {
    byte[] bytes = new byte[count * SECTOR];
    try {
      disk.read(at, bytes, 0, count);
      return bytes;
    } catch (IOException e) {
      requirePlace(e);
      return null;
    }
  }

  private static void write(Reading reading, BlockDevice disk, long at, int count, byte value) throws IOException {
    byte[] bytes = new byte[count * SECTOR];
    Arrays.fill(bytes, value);
    try {
      disk.write(at, bytes, 0, count);
    } catch (IOException e) {
      requirePlace(e);
      return;
    }
    reading.expect(Arrays.equals(bytes, read(disk, at, count)), "what was written to sectors from " + at + " on isn't read");
  }

  private static void requirePlace(IOException e) throws IOException {
    if (e.getMessage() == null || !java.util.regex.Pattern.compile(PLACE).matcher(e.getMessage()).find()) {
      throw e;
    }
  }
}
