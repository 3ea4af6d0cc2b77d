// SPDX-License-Identifier: EPL-2.0
package org.xenolith.gdb;

import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.nio.file.Path;

/** The first commands of a gdb that is started here. */
final class GdbScript {
  private GdbScript() {}

  /**
   * What gdb reads.
   *
   * @param place where the machine waits
   * @param names the file for the kernel's names
   * @param load  whether they are loaded at once
   */
  static String of(InetSocketAddress place, Path names, boolean load) {
    String host = place.getAddress().getHostAddress();
    return """
        define kernel-symbols
          shell rm -f '%1$s'
          monitor symbols %1$s
          shell test -s '%1$s'
          if $_shell_exitcode == 0
            symbol-file %1$s
          end
          set $kernel_moves = (long) $pc >= 0
        end
        document kernel-symbols
        Loads the names that the machine's kernel has of itself, where it runs.
        end
        set $kernel_moves = 0
        define hook-stop
          if $kernel_moves
            shell rm -f '%1$s'
            monitor moved %1$s
            shell test -s '%1$s'
            if $_shell_exitcode == 0
              symbol-file %1$s
              set $kernel_moves = 0
            end
          end
        end
        define module
          hbreak do_init_module
          set $module_break = $bpnum
          set $module_loaded = 0
          while !$module_loaded
            continue
            shell rm -f '%1$s.module'
            monitor module $arg0 %1$s.module
            shell test -s '%1$s.module'
            if $_shell_exitcode == 0
              source %1$s.module
              set $module_loaded = 1
            end
          end
          delete $module_break
        end
        document module
        Goes on until the kernel has loaded the module of a file (.ko), before its first instruction, and loads its symbols and source lines.
        end
        define go-to
          monitor at $arg0
          maintenance flush register-cache
          frame
        end
        document go-to
        Goes to a moment of the machine's past: a count of instructions, a time (2.5s), or 'present'.
        end
        target remote %2$s:%3$d
        %4$s""".formatted(names, place.getAddress() instanceof Inet6Address ? "[" + host + "]" : host, place.getPort(), load
        ? "kernel-symbols\n" : "");
  }
}
