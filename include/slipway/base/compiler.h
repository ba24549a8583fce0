/* The only place for what C17 lacks: attributes and other GNU extensions. */
#ifndef SLIPWAY_BASE_COMPILER_H
#define SLIPWAY_BASE_COMPILER_H

#if defined(__GNUC__)
#define PRINTF_LIKE(fmt, args) __attribute__((format(printf, fmt, args)))
#define NORETURN               __attribute__((noreturn))
#define MUST_USE               __attribute__((warn_unused_result))
#define PREFETCH(address)       __builtin_prefetch(address)
#else
#define PRINTF_LIKE(fmt, args)
#define NORETURN
#define MUST_USE
#define PREFETCH(address) ((void)(address))
#endif

/* Built with AddressSanitizer, whose shadow memory no limit fits. */
#if defined(__SANITIZE_ADDRESS__)
#define WITH_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define WITH_ASAN 1
#endif
#endif
#ifndef WITH_ASAN
#define WITH_ASAN 0
#endif

#define ARRAY_LEN(a) (sizeof(a) / sizeof((a)[0]))

#endif
