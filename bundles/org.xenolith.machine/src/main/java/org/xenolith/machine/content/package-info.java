// SPDX-License-Identifier: EPL-2.0
/** What a machine runs on, as a recording has it: digests of what it was given, of its memory, its ports and its disks. */
package org.xenolith.machine.content;
