r"""A small parallel corpus, Chinese and English, for tokenizers to be trained and measured on.

Written for this handbook. `HELD_OUT` says the same kind of thing in sentences that no tokenizer was trained on.
"""

from __future__ import annotations

PARALLEL = (
    ("模型把文本切成词元", "the model splits the text into tokens"),
    ("词元是模型的输入", "tokens are the input of the model"),
    ("词表是词元的集合", "the vocabulary is the set of tokens"),
    ("模型学习预测下一个词元", "the model learns to predict the next token"),
    ("训练需要大量的文本", "training needs a large amount of text"),
    ("语料决定切分的结果", "the corpus decides the result of splitting"),
    ("高频的词保持完整", "frequent words are kept whole"),
    ("低频的词被切成小段", "rare words are split into small pieces"),
    ("语言模型输出概率分布", "a language model outputs a probability distribution"),
    ("中文的词之间没有空格", "there is no space between words in Chinese"),
    ("英文的词之间有空格", "there is a space between words in English"),
    ("一个汉字占三个字节", "one Chinese character takes three bytes"),
    ("一个字母占一个字节", "one letter takes one byte"),
    ("词表越大序列越短", "the larger the vocabulary the shorter the sequence"),
    ("序列越长计算越慢", "the longer the sequence the slower the computation"),
    ("训练语料里英文最多", "most of the training corpus is in English"),
    ("数学模型学习做加法", "the mathematical model learns to do addition"),
    ("数字也会被切成小段", "numbers are also split into small pieces"),
    ("深度学习需要训练数据", "deep learning needs training data"),
    ("机器翻译也是语言模型", "machine translation is also a language model"),
)
"""Pairs (Chinese, English) that say the same."""

HELD_OUT = (
    ("语言模型的输入是文本", "the input of a language model is text"),
    ("词表决定序列的长度", "the vocabulary decides the length of the sequence"),
    ("机器学习需要大量数据", "machine learning needs a large amount of data"),
    ("汉字被切成三个词元", "a Chinese character is split into three tokens"),
)
"""Pairs that are only measured on."""
