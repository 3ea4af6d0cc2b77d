// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.product;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Debian's ukify, as {@code releng/test-ukify} gives it, which makes unified kernel images for arm64 with systemd's own stub. */
public final class Ukify {
  private static final FetchScript SCRIPT = new FetchScript("releng/test-ukify");

  private Ukify() {}

  /** Makes an image. @param arguments of {@code ukify build}, without the stub */
  public static Path build(Path image, Object... arguments) throws InterruptedException {
    return build("linuxaa64.efi.stub", image, arguments);
  }

  /** Makes a file with a profile for {@code --join-profile}. @param arguments of {@code ukify build}, without the stub */
  public static Path profile(Path file, Object... arguments) throws InterruptedException {
    return build("addonaa64.efi.stub", file, arguments);
  }

  private static Path build(String stub, Path image, Object... arguments) throws InterruptedException {
    Path folder = SCRIPT.fetched();
    List<String> command = new ArrayList<>(List.of(folder.resolve("ukify").toString(), "build", "--efi-arch=aa64", "--stub=" + folder
        .resolve(stub), "--output=" + image));
    for (Object argument : arguments) {
      command.add(argument.toString());
    }
    try (Program program = Program.start(new ProcessBuilder(command).redirectInput(new File("/dev/null")))) {
      program.await(Product.LONG).expect(0);
    }
    return image;
  }
}
