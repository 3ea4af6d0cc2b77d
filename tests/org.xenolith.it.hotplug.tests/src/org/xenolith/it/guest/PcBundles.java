// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.guest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import org.xenolith.boot.api.BootLoader;
import org.xenolith.boot.api.GuestImage;
import org.xenolith.launch.api.LaunchRequest;
import org.xenolith.launch.api.LaunchShaper;
import org.xenolith.machine.control.Machine;
import org.xenolith.machine.control.Machine.DeviceFact;
import org.xenolith.machine.kit.ProcessorFactory;
import org.xenolith.platform.api.BoardProvider;

/** The bundles that make up a PC, as the machine and the product answer when they are asked. */
public final class PcBundles {
  private static final InstalledProduct PRODUCT = InstalledProduct.get();
  /** Packages of who knows x86-64 processors or kernels that are entered as on a PC. */
  private static final Pattern X86 = Pattern.compile("org\\.xenolith\\.(x64|pvh)\\.");

  private PcBundles() {}

  /** Those that serve a device of the machine. */
  public static Set<String> serving(Machine machine) {
    Set<String> bundles = new TreeSet<>();
    machine.devices().stream().map(DeviceFact::bundle).filter(name -> !name.isEmpty()).forEach(bundles::add);
    return bundles;
  }

  /** Those with engines for its CPUs, by the engines' names; the one that executes if nobody asks for another first. */
  public static Map<String, String> engines() {
    return PRODUCT.engines("x64");
  }

  /**
   * Those that are asked only when a machine is made and when it starts: its board and processors, what describes it, and what loads its kernel.
   *
   * @param machine as it was made of the request, with the board's devices alone
   */
  public static Set<String> making(Machine machine, LaunchRequest request, GuestImage image) {
    Set<String> bundles = new TreeSet<>(PRODUCT.offering(BoardProvider.class, null, board -> board.name().equals(machine.platform()
        .name())));
    for (String kind : machine.platform().cpus().getFirst().compatible()) {
      bundles.addAll(PRODUCT.offering(ProcessorFactory.class, "(xenolith.compatible=" + kind + ")", any -> true));
    }
    bundles.addAll(PRODUCT.offering(LaunchShaper.class, null, shaper -> shaper.serves(request)
        && shaper.describe(machine, machine.platform(), machine.platform().source(), request).isPresent()));
    // A flat image is what any file can be.
    bundles.addAll(PRODUCT.offering(BootLoader.class, "(!(xenolith.boot.format=flat))", loader -> loader.recognises(image.kernel())));
    return bundles;
  }

  /** Bundles that may change under a machine and are made for x86-64 by what they import, whether a machine has them or not. */
  public static Set<String> madeForX86() {
    Set<String> bundles = new TreeSet<>();
    for (Path jar : PRODUCT.files()) {
      try (JarFile file = new JarFile(jar.toFile())) {
        Attributes main = file.getManifest().getMainAttributes();
        String name = main.getValue("Bundle-SymbolicName").replaceFirst(";.*", "").strip();
        String imports = main.getValue("Import-Package");
        if (imports != null && X86.matcher(imports).find() && saysWhatItsChangeMeans(name)) {
          bundles.add(name);
        }
      } catch (IOException e) {
        throw new UncheckedIOException(jar.toString(), e);
      }
    }
    return bundles;
  }

  /** As every provider's README does; applications and kits stay as they are while the program runs. */
  private static boolean saysWhatItsChangeMeans(String bundle) throws IOException {
    Path readme = InstalledProduct.root().resolve("bundles").resolve(bundle).resolve("README.md");
    return Files.exists(readme) && Files.readString(readme).contains("## Live change");
  }
}
