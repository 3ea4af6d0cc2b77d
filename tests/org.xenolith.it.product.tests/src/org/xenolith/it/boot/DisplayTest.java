// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.it.product.Product;
import org.xenolith.it.product.Program;
import org.xenolith.it.product.TestTools;
import org.xenolith.testkit.Lane;

/** What unmodified software draws on ramfb: Debian's edk2 as on QEMU's, pixel by pixel; GRUB and Debian's kernel on firmware of our own. */
class DisplayTest {
  private static final Duration LONG = Duration.ofMinutes(5);
  private static final int LOOKS = 60;
  private static final String SHELL = "Shell> ";
  private static final int WIDTH = 800;
  private static final int HEIGHT = 600;

  @TempDir
  private static Path work;

  /** The pixels of a file that we have written: 0xRRGGBB. */
  private static int[] ours(Path file) throws IOException {
    BufferedImage image = ImageIO.read(file.toFile());
    int[] pixels = image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth());
    Arrays.setAll(pixels, i -> pixels[i] & 0xFF_FFFF);
    return pixels;
  }

  /** The pixels of a file of QEMU's: a header of three lines, then three bytes a pixel (PPM). Empty while it isn't all there. */
  private static int[] theirs(Path file) throws IOException {
    byte[] header = "P6\n%d %d\n255\n".formatted(WIDTH, HEIGHT).getBytes(StandardCharsets.US_ASCII);
    byte[] all = Files.exists(file) ? Files.readAllBytes(file) : new byte[0];
    if (all.length != header.length + 3 * WIDTH * HEIGHT || !Arrays.equals(header, Arrays.copyOf(all, header.length))) {
      return new int[0];
    }
    int[] pixels = new int[WIDTH * HEIGHT];
    Arrays.setAll(pixels, i -> (all[header.length + 3 * i] & 0xFF) << 16 | (all[header.length + 3 * i + 1] & 0xFF) << 8
        | all[header.length + 3 * i + 2] & 0xFF);
    return pixels;
  }

  private static void run(String name, String platform, String disks, String steps) throws Exception {
    Path scenario = Files.writeString(work.resolve(name + ".scenario"), """
        description: What is on the display.
        platform: {board: virt, gic: 3, cpus: 1, memory: 1G, display: ramfb, %s}
        disks: [%s]
        limit: {virtual: 150s, host: 6min}
        steps:
        %s""".formatted(platform, disks, steps));
    Product.run("run", scenario).expect(0);
  }

  /** edk2's Shell at its prompt, on our machine and on QEMU's. */
  private static void theShellLooksAsOnQemu() throws Exception {
    Path picture = work.resolve("shell.png");
    run("shell", "firmware: aavmf", "", """
          - expect: '%s'
          - wait: 5s
          - check: screen
            size: %dx%d
            file: %s
        """.formatted(SHELL, WIDTH, HEIGHT, picture));
    Path deb = Path.of(Product.run("packages", "fetch", "qemu-efi-aarch64", "--to", work.resolve("packages")).expect(0).out().strip());
    TestTools.run("dpkg-deb", "-x", deb, work.resolve("firmware")).expect(0);
    Path files = work.resolve("firmware/usr/share/AAVMF");
    Path dump = work.resolve("screen.ppm");
    int[] expected = ours(picture);
    int[] there = {};
    try (Program qemu = TestTools.startWithInput("qemu-system-aarch64", "-M", "virt,gic-version=3", "-cpu", "cortex-a57", "-m", "1G",
        "-display", "none", "-serial", "mon:stdio", "-net", "none", "-snapshot", "-device", "ramfb", "-drive",
        "if=pflash,format=raw,readonly=on,file=" + files.resolve("AAVMF_CODE.fd"), "-drive", "if=pflash,format=raw,file=" + files.resolve(
            "AAVMF_VARS.fd"))) {
      qemu.awaitOutput(SHELL, LONG);
      // Ctrl-A c leads to QEMU's own prompt.
      qemu.type("\u0001c");
      for (int look = 0; look < LOOKS && !Arrays.equals(expected, there); look++) {
        qemu.type("screendump " + dump + "\n");
        Thread.sleep(500);
        there = theirs(dump);
      }
    }
    assertTrue(Arrays.stream(expected).filter(pixel -> pixel != 0).count() > 1000, "hardly anything is drawn");
    int[] last = there;
    assertEquals(0, last.length == 0 ? -1 : java.util.stream.IntStream.range(0, last.length).filter(i -> last[i] != expected[i]).count(),
        "pixels that differ");
  }

  /** GRUB's menu by gfxterm, and the kernel's console on the frame buffer that the firmware has left. */
  private static void grubAndTheKernelDrawOnOurs() throws Exception {
    Path menu = work.resolve("menu.png");
    Path login = work.resolve("login.png");
    run("grub", "firmware: xenolith", "{image: %s}".formatted(DebianDisk.in(work)), """
          - expect: 'GNU GRUB'
          - wait: 500ms
          - type: "c"
          - expect: 'grub> '
          - type: "insmod all_video; insmod gfxterm; terminal_output gfxterm\\n"
          - wait: 3s
          - type: "\\e"
          - wait: 3s
          - check: screen
            size: 800x600
            colors: 4
            file: %s
          - type: "\\n"
          - expect: 'efifb: framebuffer at 0x[0-9a-f]+'
          - expect: 'fb0: EFI VGA frame buffer device'
          - expect: 'login: '
          - wait: 5s
          - check: screen
            size: 800x600
            file: %s
        """.formatted(menu, login));
    // The menu's background is blue in most of the picture; the kernel's console is black, with some text.
    long blue = Arrays.stream(ours(menu)).filter(pixel -> pixel == 0x0000A8).count();
    assertTrue(blue > WIDTH * HEIGHT / 3, "pixels in the menu's color: " + blue);
    long text = Arrays.stream(ours(login)).filter(pixel -> pixel == 0xAAAAAA).count();
    assertTrue(text > 200 && text < WIDTH * HEIGHT / 8, "pixels of the kernel's text: " + text);
  }

  @TestFactory
  List<DynamicTest> displaysShowWhatIsDrawn() {
    return Lane.onlyFull(dynamicTest("edk2's Shell", DisplayTest::theShellLooksAsOnQemu), dynamicTest("GRUB and the kernel",
        DisplayTest::grubAndTheKernelDrawOnOurs));
  }
}
