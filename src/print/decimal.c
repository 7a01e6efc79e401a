/* SPDX-License-Identifier: MIT */
#include "decimal.h"
#include "../core/line.h"
#include "../core/memory.h"

/*
 * Whole numbers of any size that the arithmetic below needs: 10^363 takes 1206 bits, what is
 * divided by it one more, and a word of zeros may be on top. That makes 39 words.
 */
#define WORDS 40

struct number {
    uint32_t word[WORDS]; /* the least first */
    size_t used;
};

static void set(struct number *n, uint64_t value)
{
    n->word[0] = (uint32_t)value;
    n->word[1] = (uint32_t)(value >> 32);
    n->used = 2;
}

static void multiply(struct number *n, uint32_t factor)
{
    uint64_t carry = 0;

    for (size_t i = 0; i < n->used; i++) {
        carry += (uint64_t)n->word[i] * factor;
        n->word[i] = (uint32_t)carry;
        carry >>= 32;
    }
    if (carry != 0)
        n->word[n->used++] = (uint32_t)carry;
}

static void multiply_pow10(struct number *n, unsigned int power)
{
    for (; power >= 9; power -= 9)
        multiply(n, 1000000000);
    for (; power > 0; power--)
        multiply(n, 10);
}

static void shift_left(struct number *n, unsigned int bits)
{
    size_t words = bits / 32;

    if (words != 0) {
        memmove(n->word + words, n->word, n->used * sizeof(n->word[0]));
        memset(n->word, 0, words * sizeof(n->word[0]));
        n->used += words;
    }
    if (bits % 32 != 0)
        multiply(n, (uint32_t)1 << bits % 32);
}

static uint32_t word_of(const struct number *n, size_t i)
{
    return i < n->used ? n->word[i] : 0;
}

static int compare(const struct number *a, const struct number *b)
{
    for (size_t i = a->used > b->used ? a->used : b->used; i-- > 0;) {
        if (word_of(a, i) != word_of(b, i))
            return word_of(a, i) < word_of(b, i) ? -1 : 1;
    }
    return 0;
}

/* a -= b, which is not larger. */
static void subtract(struct number *a, const struct number *b)
{
    uint64_t borrow = 0;

    for (size_t i = 0; i < a->used; i++) {
        uint64_t difference = (uint64_t)a->word[i] - word_of(b, i) - borrow;

        a->word[i] = (uint32_t)difference;
        borrow = difference >> 63;
    }
}

static bool is_zero(const struct number *n)
{
    for (size_t i = 0; i < n->used; i++) {
        if (n->word[i] != 0)
            return false;
    }
    return true;
}

static int bit_length(const struct number *n)
{
    for (size_t i = n->used; i-- > 0;) {
        uint32_t word = n->word[i];
        int bits = 0;

        for (; word != 0; word >>= 1)
            bits++;
        if (bits != 0)
            return (int)i * 32 + bits;
    }
    return 0;
}

/* The two numbers that all is done with: a kernel's stack has room for them once. */
struct pair {
    struct number a, b;
};

/* What tells the two formats apart. */
struct format {
    int mantissa;     /* bits of it, the hidden one included */
    int least;        /* exponent of the last bit of a subnormal */
    int top;          /* of the exponent field: infinity */
    unsigned int all; /* decimal digits that tell any two apart */
};

static struct format format_of(unsigned int width)
{
    static const struct format single = {24, -149, 255, 9}, twice = {53, -1074, 2047, 17};

    return width == 4 ? single : twice;
}

/* A quotient of 64 bits with the rest of it in sticky, times 2^exponent, rounded to even. */
static bool round_bits(uint64_t quotient, int exponent, bool sticky, const struct format *format,
                       uint64_t *bits)
{
    int drop = 64 - format->mantissa, field = 1;
    uint64_t half, kept;

    if (exponent + drop < format->least)
        drop = format->least - exponent;
    else
        field = exponent + drop - format->least + 1;
    if (drop > 64) {
        *bits = 0;
        return true;
    }
    kept = drop == 64 ? 0 : quotient >> drop;
    half = (uint64_t)1 << (drop - 1);
    if ((quotient & half) != 0 && (sticky || (quotient & (half - 1)) != 0 || (kept & 1) != 0))
        kept++;
    /* The hidden bit adds one to the field; without it the number is subnormal. A carry that
       rounding made goes into the field of itself. */
    *bits = kept + ((uint64_t)(field - 1) << (format->mantissa - 1));
    return *bits >> (format->mantissa - 1) < (uint64_t)format->top;
}

/* digits * 10^exponent to the nearest float. digits is not 0. */
static bool from_decimal(struct pair *n, uint64_t digits, int exponent, const struct format *format,
                         uint64_t *bits)
{
    struct number *a = &n->a, *b = &n->b;
    uint64_t quotient = 0;
    int scale;

    if (exponent < -363) {
        *bits = 0;
        return true;
    }
    if (exponent > 310)
        return false;
    set(a, digits);
    set(b, 1);
    if (exponent >= 0)
        multiply_pow10(a, (unsigned int)exponent);
    else
        multiply_pow10(b, (unsigned int)-exponent);
    /* a / b between 1 and 2: then 64 bits come one by one. */
    scale = bit_length(a) - bit_length(b);
    if (scale >= 0)
        shift_left(b, (unsigned int)scale);
    else
        shift_left(a, (unsigned int)-scale);
    if (compare(a, b) < 0) {
        shift_left(a, 1);
        scale--;
    }
    for (int i = 0; i < 64; i++) {
        quotient <<= 1;
        if (compare(a, b) >= 0) {
            subtract(a, b);
            quotient |= 1;
        }
        shift_left(a, 1);
    }
    return round_bits(quotient, scale - 63, !is_zero(a), format, bits);
}

/* The digits of mantissa * 2^exponent, so many and a last one that says how to round; returns the
   exponent of the first. */
static int to_decimal(struct pair *n, uint64_t mantissa, int exponent, char *digits,
                      unsigned int count)
{
    struct number *a = &n->a, *b = &n->b;
    int first, log2 = exponent + 1;

    for (uint64_t rest = mantissa; rest > 1; rest >>= 1)
        log2++;
    /* Not below the true one, and hardly above. */
    first = log2 >= 0 ? log2 * 1234 / 4096 + 1 : -(-log2 * 1233 / 4096) + 1;
    set(a, mantissa);
    set(b, 1);
    if (exponent >= 0)
        shift_left(a, (unsigned int)exponent);
    else
        shift_left(b, (unsigned int)-exponent);
    if (first >= 0)
        multiply_pow10(b, (unsigned int)first);
    else
        multiply_pow10(a, (unsigned int)-first);
    for (; compare(a, b) < 0; first--)
        multiply(a, 10);
    for (unsigned int i = 0; i < count; i++) {
        digits[i] = 0;
        while (compare(a, b) >= 0) {
            subtract(a, b);
            digits[i]++;
        }
        multiply(a, 10);
    }
    return first;
}

/* The first count digits, rounded by the one behind them. */
static uint64_t rounded(const char *digits, unsigned int count)
{
    uint64_t value = 0;

    for (unsigned int i = 0; i < count; i++)
        value = value * 10 + (uint64_t)digits[i];
    return value + (digits[count] >= 5 ? 1 : 0);
}

/* count digits with a point behind the first so many, which may be less than none. */
static size_t put_plain(char *text, const char *digits, int count, int point)
{
    size_t length = 0;

    if (point < 1) {
        text[length++] = '0';
        text[length++] = '.';
        for (int i = point; i < 0; i++)
            text[length++] = '0';
    }
    for (int i = 0; i < count || i < point; i++) {
        if (i == point && point > 0)
            text[length++] = '.';
        text[length++] = '0';
        if (i < count)
            text[length - 1] = digits[i];
    }
    if (count <= point) {
        text[length++] = '.';
        text[length++] = '0';
    }
    return length;
}

/* value * 10^exponent, with an exponent where a plain number would be long. */
static size_t put_decimal(char *text, uint64_t value, int exponent)
{
    char digits[VCMD_DIGITS];
    size_t count = vcmd_digits(digits, value), length = 0;
    int point = (int)count + exponent; /* digits in front of the point */

    while (count > 1 && digits[count - 1] == '0')
        count--;
    if (point > -4 && point <= 9)
        return put_plain(text, digits, (int)count, point);
    text[length++] = digits[0];
    if (count > 1)
        text[length++] = '.';
    for (size_t i = 1; i < count; i++)
        text[length++] = digits[i];
    text[length++] = 'e';
    text[length++] = point > 0 ? '+' : '-';
    return length + vcmd_digits(text + length, (uint64_t)(point > 0 ? point - 1 : 1 - point));
}

size_t vcmd_decimal_print(char text[VCMD_DECIMAL_MAX], uint64_t bits, unsigned int width)
{
    struct format format = format_of(width);
    uint64_t sign = bits >> (8 * width - 1), magnitude = bits & ~(sign << (8 * width - 1));
    uint64_t mantissa = magnitude & (((uint64_t)1 << (format.mantissa - 1)) - 1);
    int field = (int)(magnitude >> (format.mantissa - 1)), exponent, first;
    size_t length = 0;
    struct pair n;
    char digits[24];

    /* All its digits: they do not begin with 0. */
    if (field == format.top && mantissa != 0)
        return vcmd_hex(text, bits);
    if (sign != 0)
        text[length++] = '-';
    if (field == format.top || magnitude == 0) {
        const char *word = magnitude == 0 ? "0.0" : "inf";

        while (*word != '\0')
            text[length++] = *word++;
        return length;
    }
    exponent = format.least + (field > 0 ? field - 1 : 0);
    if (field > 0)
        mantissa |= (uint64_t)1 << (format.mantissa - 1);
    for (; (mantissa & 1) == 0; mantissa >>= 1)
        exponent++;
    /* Small whole numbers and halves are most of what there is. */
    if (exponent >= 0 && exponent < 10 && mantissa < 1u << 20)
        return length + put_decimal(text + length, mantissa << exponent, 0);
    first = to_decimal(&n, mantissa, exponent, digits, format.all + 1);
    for (unsigned int count = 1; count <= format.all; count++) {
        uint64_t value = rounded(digits, count), back;
        int power = first - (int)count + 1;

        if (count == format.all ||
            (from_decimal(&n, value, power, &format, &back) && back == magnitude))
            return length + put_decimal(text + length, value, power);
    }
    return 0;
}

struct reader {
    const char *text;
    size_t length, at;
};

static bool take(struct reader *r, char c)
{
    if (r->at == r->length || r->text[r->at] != c)
        return false;
    r->at++;
    return true;
}

static bool at_digit(const struct reader *r)
{
    return r->at < r->length && r->text[r->at] >= '0' && r->text[r->at] <= '9';
}

/* Digits into value; returns how many, or -1 when they are too many. */
static int take_digits(struct reader *r, uint64_t *value)
{
    int count = 0;

    for (; at_digit(r); r->at++, count++) {
        if (*value > UINT64_MAX / 10 - 1 || count > 400)
            return -1;
        *value = *value * 10 + (uint64_t)(r->text[r->at] - '0');
    }
    return count;
}

static bool take_exponent(struct reader *r, int *exponent)
{
    uint64_t power = 0;
    bool minus;
    int count;

    if (!take(r, 'e') && !take(r, 'E'))
        return true;
    minus = take(r, '-');
    if (!minus)
        (void)take(r, '+');
    count = take_digits(r, &power);
    if (count < 1 || power > 9999)
        return false;
    *exponent += minus ? -(int)power : (int)power;
    return true;
}

bool vcmd_decimal_parse(const char *text, size_t length, unsigned int width, uint64_t *bits)
{
    struct format format = format_of(width);
    struct reader r = {text, length, 0};
    uint64_t sign = take(&r, '-') ? (uint64_t)1 << (8 * width - 1) : 0, digits = 0;
    int whole, fraction = 0, exponent = 0;
    struct pair n;

    if (length - r.at == 3 && memcmp(text + r.at, "inf", 3) == 0) {
        *bits = sign | (uint64_t)format.top << (format.mantissa - 1);
        return true;
    }
    whole = take_digits(&r, &digits);
    if (take(&r, '.'))
        fraction = take_digits(&r, &digits);
    if (whole < 0 || fraction < 0 || whole + fraction == 0)
        return false;
    exponent = -fraction;
    if (!take_exponent(&r, &exponent) || r.at != length)
        return false;
    *bits = 0;
    if (digits != 0 && !from_decimal(&n, digits, exponent, &format, bits))
        return false;
    *bits |= sign;
    return true;
}
