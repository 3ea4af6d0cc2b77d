// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.efi;

import java.util.Arrays;
import java.util.List;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.Call;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.efi.boot.api.EfiStep;
import org.xenolith.efi.boot.kit.BlockMedia;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtNode;

/** A medium in memory that erases four blocks at once, or single ones; the correct one keeps the contract. */
class TwinEraserTest extends EraseBlockContract {
  /** What is wrong with it. */
  enum Defect {
    NONE, ANOTHER_REVISION, NO_GRANULARITY, ERASES_NOTHING, FIRST_UNIT_ONLY, ONE_BLOCK_MORE, ONE_BLOCK_LESS, WHOLE_UNITS, ONLY_WHOLE_UNITS,
    NOT_THE_LAST, ANY_MEDIUM, LONG_MEDIUM, ERASES_THEN_REFUSES, BLOCKS_OF_32_BITS, SIZE_OF_32_BITS, END_IS_A_BLOCK, LAST_IS_FORGOTTEN,
    FIRST_OVERFLOWS, DOES_WHAT_THERE_IS, BREAKS_AFTER_AN_ERROR, ROUNDS_DOWN, ROUNDS_UP, ANOTHER_REASON, WRITE_PROTECTED_IS_ERASED,
    NO_TOKENS, TOKENS_DO_NOTHING, ANY_TOKEN, FAILURE_IS_SUCCESS, FAILURE_IS_A_TIMEOUT, FAILS_FOR_EVER
  }

  private static final int BLOCK = 512;
  private static final int BLOCKS = 64;
  private static final int UNIT = 4;
  private static final long ID = 3;

  Defect defect = Defect.NONE;

  private final class Twin implements Medium {
    private final FakeFirmware firmware = new FakeFirmware(Fdt.of(new FdtNode("", List.of(), List.of())));
    private final EfiRam memory = firmware.memory();
    private final long block = firmware.room(BlockMedia.SIZE);
    private final long protocol = firmware.room(24);
    private final byte[] bytes = new byte[BLOCKS * BLOCK];
    private boolean refusing;
    private boolean broken;

    Twin(boolean readOnly) {
      BlockMedia.write(memory, block, ID, BLOCK, BLOCKS, false, readOnly);
      memory.put64(protocol, defect == Defect.ANOTHER_REVISION ? 0x2_001F : 0x2_003C);
      memory.put32(protocol + 8, defect == Defect.NO_GRANULARITY ? 0 : UNIT);
      memory.put64(protocol + 16, firmware.guest(call -> EfiStep.done(erase(call))));
    }

    private EfiStatus erase(Call call) {
      EfiStatus status = broken ? EfiStatus.DEVICE_ERROR : refused(call);
      broken |= status == EfiStatus.INVALID_PARAMETER && defect == Defect.BREAKS_AFTER_AN_ERROR || status == EfiStatus.DEVICE_ERROR
          && defect == Defect.FAILS_FOR_EVER;
      return status;
    }

    private EfiStatus refused(Call call) {
      long id = defect == Defect.LONG_MEDIUM ? call.argument(1) : call.argument(1) & 0xFFFF_FFFFL;
      if (id != ID && defect != Defect.ANY_MEDIUM) {
        if (defect == Defect.ERASES_THEN_REFUSES) {
          bytes[0]++;
        }
        return EfiStatus.MEDIA_CHANGED;
      }
      if (BlockMedia.readOnly(memory, block) && defect != Defect.WRITE_PROTECTED_IS_ERASED) {
        return EfiStatus.WRITE_PROTECTED;
      }
      EfiStatus token = token(call.argument(3));
      if (token != null) {
        return token;
      }
      long first = defect == Defect.BLOCKS_OF_32_BITS ? (int) call.argument(2) : call.argument(2);
      long size = defect == Defect.SIZE_OF_32_BITS ? (int) call.argument(4) : call.argument(4);
      if (size % BLOCK != 0 && defect != Defect.ROUNDS_DOWN && defect != Defect.ROUNDS_UP) {
        return EfiStatus.INVALID_PARAMETER;
      }
      long count = (defect == Defect.ROUNDS_UP ? size + BLOCK - 1 : size) / BLOCK;
      if (defect == Defect.SIZE_OF_32_BITS && size == 0) {
        return EfiStatus.SUCCESS;
      }
      if (defect == Defect.DOES_WHAT_THERE_IS && first >= 0 && first < BLOCKS) {
        count = Math.min(count, BLOCKS - first);
      }
      return ranged(first, count);
    }

    private EfiStatus token(long token) {
      if (token == 0) {
        return null;
      }
      if (defect == Defect.NO_TOKENS) {
        return EfiStatus.UNSUPPORTED;
      }
      if (defect == Defect.TOKENS_DO_NOTHING) {
        return memory.get64(token) == 0 ? EfiStatus.SUCCESS : null;
      }
      return defect == Defect.ANY_TOKEN || memory.get64(token) == 0 ? null : EfiStatus.UNSUPPORTED;
    }

    private EfiStatus ranged(long first, long count) {
      long most = defect == Defect.NOT_THE_LAST ? BLOCKS - 1 : BLOCKS;
      boolean inside = first >= 0 && first < most && count > 0 && count <= most - first;
      if (defect == Defect.FIRST_OVERFLOWS && first * BLOCK == 0) {
        first = 0;
        inside = count > 0 && count <= BLOCKS;
      } else if (defect == Defect.END_IS_A_BLOCK && first == BLOCKS || defect == Defect.LAST_IS_FORGOTTEN && first >= 0 && first < BLOCKS
          && first + count == BLOCKS + 1) {
            return EfiStatus.SUCCESS;
          }
      if (!inside) {
        return defect == Defect.ANOTHER_REASON ? EfiStatus.DEVICE_ERROR : EfiStatus.INVALID_PARAMETER;
      }
      if (defect == Defect.ONLY_WHOLE_UNITS && (first % UNIT != 0 || count % UNIT != 0)) {
        return EfiStatus.INVALID_PARAMETER;
      }
      if (refusing) {
        return defect == Defect.FAILURE_IS_SUCCESS ? EfiStatus.SUCCESS : defect == Defect.FAILURE_IS_A_TIMEOUT ? EfiStatus.TIMEOUT
            : EfiStatus.DEVICE_ERROR;
      }
      long begin = defect == Defect.WHOLE_UNITS ? first - first % UNIT : first;
      long end = switch (defect) {
        case ERASES_NOTHING -> first;
        case FIRST_UNIT_ONLY -> Math.min(first + UNIT, first + count);
        case ONE_BLOCK_MORE -> Math.min(BLOCKS, first + count + 1);
        case ONE_BLOCK_LESS -> first + count - 1;
        case WHOLE_UNITS -> (first + count + UNIT - 1) / UNIT * UNIT;
        default -> first + count;
      };
      Arrays.fill(bytes, (int) begin * BLOCK, (int) end * BLOCK, (byte) 0);
      return EfiStatus.SUCCESS;
    }

    @Override
    public FakeFirmware firmware() {
      return firmware;
    }

    @Override
    public long protocol() {
      return protocol;
    }

    @Override
    public long blocks() {
      return block;
    }

    @Override
    public byte[] bytes() {
      return bytes;
    }

    @Override
    public void refuses(boolean now) {
      refusing = now;
    }
  }

  @Override
  protected Medium medium() {
    return new Twin(false);
  }

  @Override
  protected Medium writeProtected() {
    return new Twin(true);
  }
}
