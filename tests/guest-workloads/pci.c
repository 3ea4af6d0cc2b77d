// SPDX-License-Identifier: EPL-2.0
/*
 * What a guest does to measure PCI and disks: built statically for arm64 by the bench command, put into the guest as /bin/bench.
 *
 *   bench NAME [SCALE]        NAME: config msi seq rand enum; SCALE multiplies the rounds
 *
 * Prints "BENCH-START name" and "BENCH name MILLISECONDS sum=CHECKSUM" for each; the checksum is the same wherever devices and
 * disk are.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <fcntl.h>
#include <linux/nvme_ioctl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#define DEVICES "/sys/bus/pci/devices"

static double milliseconds(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1e3 + now.tv_nsec / 1e6;
}

static void fail(const char *what)
{
	perror(what);
	exit(1);
}

static int opened(const char *file, int flags)
{
	int fd = open(file, flags);
	if (fd < 0)
		fail(file);
	return fd;
}

/* Reads of one word each, the ids of a function: its own system call for each. */
static uint64_t config(int rounds)
{
	uint32_t word;
	uint64_t sum = 0;
	int fd = opened(DEVICES "/0000:00:01.0/config", O_RDONLY);

	for (int round = 0; round < rounds; round++) {
		if (pread(fd, &word, sizeof word, 0) != sizeof word)
			fail("config");
		sum += word;
	}
	close(fd);
	return sum;
}

/* The shortest commands of an NVMe controller, one after the other: each ends with one message. */
static uint64_t messages(int rounds)
{
	int fd = opened("/dev/nvme0", O_RDONLY);
	uint64_t done = 0;

	for (int round = 0; round < rounds; round++) {
		/* Get Features, Temperature Threshold (NVM Express 1.4, 5.14) */
		struct nvme_admin_cmd command = { .opcode = 0x0a, .cdw10 = 4 };
		done += ioctl(fd, NVME_IOCTL_ADMIN_CMD, &command) == 0;
	}
	close(fd);
	return done;
}

/* The disk, whatever it is behind. Some drivers look for disks in the background. */
static int disk(void)
{
	static const char *const names[] = { "/dev/nvme0n1", "/dev/vda", "/dev/sda" };

	for (int tries = 0; tries < 100; tries++) {
		for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
			int fd = open(names[i], O_RDONLY | O_DIRECT);
			if (fd >= 0)
				return fd;
		}
		usleep(50000);
	}
	fail("no disk");
	return -1;
}

static uint64_t reads(int rounds, size_t size, int at_random)
{
	int fd = disk();
	off_t blocks = lseek(fd, 0, SEEK_END) / size;
	uint64_t sum = 0, place = 0;
	void *data;

	if (blocks == 0 || posix_memalign(&data, 4096, size))
		fail("disk");
	for (int round = 0; round < rounds; round++) {
		place = at_random ? place * 6364136223846793005u + 1442695040888963407u : (uint64_t) round;
		if (pread(fd, data, size, (off_t) ((at_random ? place >> 33 : place) % blocks * size)) != (ssize_t) size)
			fail("read");
		sum = sum * 31 + *(uint64_t *) data;
	}
	free(data);
	close(fd);
	return sum;
}

/* 128 KiB at a time, past the page cache. */
static uint64_t sequential(int rounds) { return reads(rounds, 128 << 10, 0); }

static uint64_t scattered(int rounds) { return reads(rounds, 4 << 10, 1); }

static void put(const char *file)
{
	int fd = open(file, O_WRONLY);
	if (fd >= 0) {
		if (write(fd, "1", 1) != 1)
			perror(file);
		close(fd);
	}
}

/* Does something to all functions whose names begin so; how many there are. */
static uint64_t functions(const char *start, int forget)
{
	DIR *folder = opendir(DEVICES);
	uint64_t count = 0;
	char file[300];

	if (!folder)
		fail(DEVICES);
	for (struct dirent *entry; (entry = readdir(folder));)
		if (entry->d_name[0] != '.' && !strncmp(entry->d_name, start, strlen(start))) {
			count++;
			snprintf(file, sizeof file, DEVICES "/%s/remove", entry->d_name);
			if (forget)
				put(file);
		}
	closedir(folder);
	return count;
}

/* Finds all functions anew, and counts them without the host bridge, which not every machine shows. */
static uint64_t enumeration(int rounds)
{
	(void) rounds;
	put("/sys/bus/pci/rescan");
	return functions("", 0) - functions("0000:00:00.", 0);
}

static const struct work { const char *name; uint64_t (*run)(int); int rounds; } works[] = {
	{ "config", config, 200000 }, { "msi", messages, 10000 }, { "seq", sequential, 512 }, { "rand", scattered, 8000 },
	{ "enum", enumeration, 1 },
};

static void run(const struct work *work, double scale)
{
	if (work->run == enumeration)
		functions("0000:00:", 1);
	printf("BENCH-START %s\n", work->name);
	fflush(stdout);
	double start = milliseconds();
	uint64_t sum = work->run((int) (work->rounds * scale));
	printf("BENCH %s %.3f ms sum=%016llx\n", work->name, milliseconds() - start, (unsigned long long) sum);
	fflush(stdout);
}

int main(int argc, char **argv)
{
	const int count = sizeof works / sizeof works[0];
	double scale = argc > 2 ? atof(argv[2]) : 1;

	for (int i = 0; argc > 1 && i < count; i++)
		if (!strcmp(argv[1], works[i].name)) {
			run(&works[i], scale);
			return 0;
		}
	fprintf(stderr, "bench: expected a workload and perhaps a scale\n");
	return 2;
}
